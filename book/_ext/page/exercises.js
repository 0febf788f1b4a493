// Exercises: what a grader knows stands in the page, packed, and answers what is typed.

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

document.querySelectorAll(".bend-exercise[data-entry]").forEach(setUpExercise);
document.querySelectorAll(".bend-exercise[data-code]").forEach(setUpCode);
