// One way to ask, by a field or by buttons, and to reply: predictions, the quick check, exercises.
//
// Without JavaScript, and on paper, a box shows its question, its options and its folded answer.
// Here the options become buttons, and the reply is put together from the answer in the box.
// Nothing is sent anywhere.

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const bare = (text) => text.trim().replace(/\.$/, "");
// An element in words, a fraction as 1/4, for those who do not see the formula.
const inWords = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("mfrac").forEach((f) => f.firstElementChild.after("/"));
  return copy.textContent.trim();
};
const copies = (nodes) => [...nodes].map((node) => node.cloneNode(true));

// A field with a button; `judge` returns what to say, as nodes or strings.
const field = (label, judge, reply) => {
  const input = make("input", { type: "text", autocomplete: "off", inputMode: "text" });
  input.setAttribute("aria-label", label);
  const form = make("form", { className: "bend-field" }, input, make("button", { type: "submit" }, "Check"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    reply.replaceChildren(...judge(input.value));
  });
  return form;
};

const chips = (options, judge, reply) => {
  const buttons = options.map((option) => {
    const said = bare(inWords(option));
    const button = make("button", { type: "button", className: "bend-chip" });
    button.append(...copies(option.childNodes));
    button.setAttribute("aria-pressed", "false");
    if (button.querySelector("math")) button.setAttribute("aria-label", said);
    button.addEventListener("click", () => {
      buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      reply.replaceChildren(...judge(said));
    });
    return button;
  });
  return make("div", { className: "bend-chips" }, ...buttons);
};

const makeReply = () => {
  const reply = make("div", { className: "bend-reply" });
  reply.setAttribute("role", "status");
  return reply;
};

const verdict = (right, text) => make("p", { className: right ? "bend-right" : "bend-wrong" },
  make("strong", {}, right ? "Right. " : "Not quite. "), ...text);
