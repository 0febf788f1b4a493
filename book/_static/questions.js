/* Questions that answer: Predict boxes, the quick check and exercises with a typed answer.

   Without JavaScript, and on paper, a box shows its question, its options and its folded answer.
   Here the options become buttons, and the reply is put together from the answer in the box.
   Nothing is sent anywhere. */
"use strict";
(() => {
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

  // --- what a reader types -----------------------------------------------------------------

  const KIND_SENTENCE = "Please type a number, such as 0.25, −3 or 1/4.";

  // A number, or a sentence that says what is wrong.
  const toNumber = (typed) => {
    const text = typed.trim().replaceAll("−", "-").replace(/\s/g, "");
    if (/^[-+]?\d+,\d+$/.test(text)) return `Please write the decimal point as a point: ${text.replace(",", ".")}`;
    const share = text.match(/^([-+]?[\d.]+)\/([\d.]+)$/);
    const value = share ? share[1] / share[2] : text.endsWith("%") ? text.slice(0, -1) / 100 : Number(text);
    return text && Number.isFinite(value) ? value : KIND_SENTENCE;
  };

  const near = (value, wanted, tolerance) => {
    const within = Math.abs(value - wanted) <= tolerance * (Math.abs(wanted) || 1);
    return within || value === wanted;
  };

  // --- one way to ask ----------------------------------------------------------------------

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

  // --- Predict boxes and the quick check ---------------------------------------------------

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

  // Hide the outputs after a Predict box, up to the next text, until the reader has answered.
  const veil = (box) => {
    const outputs = [];
    for (let next = box.nextElementSibling; next?.matches(".cell"); next = next.nextElementSibling) {
      outputs.push(...next.querySelectorAll(":scope > .cell_output"));
    }
    if (!outputs.length) return () => {};
    const button = make("button", { type: "button", className: "bend-unveil" }, "Show it without guessing");
    const set = (veiled) => outputs.forEach((output) => {
      output.classList.toggle("bend-veiled", veiled);
      output.inert = veiled;
    });
    const unveil = () => { set(false); button.remove(); };
    button.addEventListener("click", unveil);
    set(true);
    outputs[0].before(button);
    return unveil;
  };

  // --- exercises: what a grader knows stands in the page, packed ------------------------------

  const unpack = (text) => JSON.parse(new TextDecoder().decode(
    Uint8Array.from(atob([...text].reverse().join("")), (c) => c.charCodeAt(0))));

  const asSentence = (text) => text[0].toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");
  const sayHint = (hint, fallback) => [verdict(false, [asSentence(hint || fallback)])];

  const JUDGES = {
    number: (entry, typed) => {
      const value = toNumber(typed);
      if (typeof value === "string") return [make("p", {}, value)];
      if (near(value, entry.expected, entry.tolerance)) return [verdict(true, [])];
      const known = entry.mistakes.find(([wrong]) => near(value, wrong, entry.tolerance));
      const side = value > entry.expected ? "That is too large." : "That is too small.";
      return sayHint(known?.[1] || entry.hint, side);
    },
    array: (entry, typed) => {
      const parts = typed.replace(/[[\]()]/g, " ").split(/[,;\s]+/).filter(Boolean);
      const values = parts.map(toNumber);
      if (!parts.length || values.some((value) => typeof value === "string")) {
        return [make("p", {}, "Please type the numbers with commas between them, such as 1, 0.5, −2.")];
      }
      const alike = (wanted) => values.length === wanted.length
        && wanted.every((number, i) => near(values[i], number, Math.max(entry.tolerance, 1e-3)));
      if (alike(entry.expected)) return [verdict(true, [])];
      if (values.length !== entry.expected.length) {
        return sayHint(`${entry.expected.length} numbers are asked for; you typed ${values.length}.`);
      }
      const wrong = values.findIndex((value, i) => !near(value, entry.expected[i], Math.max(entry.tolerance, 1e-3)));
      const known = entry.mistakes.find(([mistake]) => alike(mistake));
      return sayHint(known?.[1] || entry.hint, `Number ${wrong + 1} is not right yet.`);
    },
    choice: (entry, said) => {
      const plain = (text) => text.trim().toLowerCase().replace(/\s+/g, " ");
      const given = said.split(",").map(plain).filter(Boolean).sort();
      const options = entry.options.map(plain);
      const stranger = given.find((word) => options.length && !options.includes(word));
      if (!given.length || stranger !== undefined) {
        return [make("p", {}, `Please choose among ${entry.options.join(", ")}.`)];
      }
      const wanted = entry.expected.map(plain).sort();
      if (given.join() === wanted.join()) return [verdict(true, [])];
      const wrong = given.find((word) => !wanted.includes(word));
      if (wrong === undefined) return sayHint(`${wanted.length - given.length} more belong there.`);
      const known = entry.mistakes.find(([mistake]) => plain(mistake) === wrong);
      return sayHint(known?.[1] || entry.hint, "Look again.");
    },
  };
  const LABELS = { number: "Your answer, a number", array: "Your answer, numbers with commas between them",
    choice: "Your answer" };

  const setUpExercise = (place) => {
    const entry = unpack(place.dataset.entry);
    const judge = (typed) => JUDGES[entry.kind](entry, typed);
    const reply = makeReply();
    const one = entry.kind === "choice" && entry.expected.length === 1 && entry.options.length;
    const ask = one ? chips(entry.options.map((option) => make("li", {}, option)), judge, reply)
      : field(`${entry.name}: ${LABELS[entry.kind]}`, judge, reply);
    place.replaceChildren(ask, reply);
    place.closest(".cell_output")?.classList.add("bend-asks");
  };

  // An exercise in code: say where it can be written.
  const setUpCode = (place) => {
    const links = [...document.querySelectorAll(".article-header-buttons a")].filter(
      (link) => link.hasAttribute("download") || /^Run /.test(link.textContent));
    const text = make("p", {}, "This exercise asks for code. ");
    copies(links).forEach((link, i) => {
      link.removeAttribute("class");
      text.append(i ? ", " : "", link);
    });
    place.replaceChildren(text);
    place.closest(".cell_output")?.classList.add("bend-asks");
  };

  document.querySelectorAll(".admonition.predict, .admonition.quiz").forEach(setUpBox);
  document.querySelectorAll(".bend-exercise[data-entry]").forEach(setUpExercise);
  document.querySelectorAll(".bend-exercise[data-code]").forEach(setUpCode);
})();
