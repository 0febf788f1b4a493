// Predict boxes and the quick check: options become buttons, the figure waits under a veil.

const setUpBox = (box) => {
  const answer = box.querySelector(":scope > .dropdown");
  const solution = answer?.querySelector("strong");
  if (!solution) return;
  const list = box.querySelector(":scope > ul");
  const reasons = [...answer.querySelectorAll("li")].map(inWords);
  const explanation = [...answer.querySelectorAll("p")].filter(
    (p) => !p.matches(".admonition-title") && !p.closest("li"));
  const wanted = bare(inWords(solution));
  const reply = makeReply();
  const unveil = box.matches(".predict") ? veil(box) : () => {};

  const judgeOption = (said) => {
    unveil();
    if (said === wanted) return [verdict(true, []), ...copies(explanation)];
    const reason = reasons.find((item) => item.startsWith(`${said}:`)) ?? "";
    const why = reason.slice(said.length + 1).trim();
    return [verdict(false, [`You said “${said}”: ${why}`]), ...copies(explanation)];
  };
  const judgeNumber = (typed) => {
    const value = toNumber(typed);
    if (typeof value === "string") return [make("p", {}, value)];
    unveil();
    const right = near(value, toNumber(wanted.match(/[-−\d.]+(\/\d+)?/)[0]), 0.01);
    return [verdict(right, right ? [] : [`You said ${typed.trim()}.`]), ...copies(explanation)];
  };

  const ask = list ? chips([...list.children], judgeOption, reply)
    : field("Your prediction, a number", judgeNumber, reply);
  answer.before(ask, reply);
  box.classList.add("bend-live");
};

// Hide the outputs after a Predict box, up to the next text, until the reader has answered, or
// comes by a link to a figure among them, or comes back to where they had been shown.
const veil = (box) => {
  const outputs = [];
  for (let next = box.nextElementSibling; next?.matches(".cell"); next = next.nextElementSibling) {
    outputs.push(...next.querySelectorAll(":scope > .cell_output"));
  }
  if (!outputs.length) return () => {};
  const button = make("button", { type: "button", className: "bend-unveil" }, "Show it without guessing");
  const name = `shown-${[...document.querySelectorAll(".predict")].indexOf(box)}`;
  const set = (veiled) => outputs.forEach((output) => {
    output.classList.toggle("bend-veiled", veiled);
    output.inert = veiled;
  });
  const unveil = () => {
    if (!button.isConnected) return;
    set(false);
    button.remove();
    history.replaceState({ ...history.state, [name]: true }, "");
  };
  const unveilIfAskedFor = () => {
    const id = location.hash.slice(1).split("?")[0];
    const isThere = id && outputs.some((output) => output.querySelector(`#${CSS.escape(id)}`));
    if (isThere || history.state?.[name]) unveil();
  };
  button.addEventListener("click", () => {
    const hadFocus = button === document.activeElement;
    unveil();
    if (!hadFocus) return;
    const next = outputs.map((output) => output.querySelector("input, a[href]")).find(Boolean);
    outputs[0].tabIndex = -1;
    (next ?? outputs[0]).focus({ preventScroll: true });  // the key goes on from here
  });
  set(true);
  outputs[0].before(button);
  unveilIfAskedFor();
  addEventListener("hashchange", unveilIfAskedFor);
  return unveil;
};

document.querySelectorAll(".admonition.predict, .admonition.quiz").forEach(setUpBox);
