// What a reader types where a number is asked.

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
