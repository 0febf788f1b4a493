/* Formula sheet: sort a table by a heading, choose rows by what a column says, or by a word. */
"use strict";
(() => {
  const text = (row, column) => row.cells[column].textContent.trim();

  // "−0.17 to ∞" sorts by -0.17, "no bound" as infinite; undefined where there is no number
  const number = (words) => {
    const plain = words.replaceAll("−", "-").replaceAll("∞", "Infinity").replace("no bound", "Infinity");
    const match = plain.match(/^-?(Infinity|\d+(\.\d+)?)/);
    return match ? Number(match[0]) : undefined;
  };

  const sorted = (rows, column, direction) => {
    const numeric = rows.every((row) => number(text(row, column)) !== undefined);
    const compare = numeric
      ? (a, b) => { const [x, y] = [a, b].map((row) => number(text(row, column))); return x < y ? -1 : Number(x > y); }
      : (a, b) => text(a, column).localeCompare(text(b, column), "en");
    return [...rows].sort((a, b) => direction * compare(a, b));
  };

  const setUpSorting = (table, rows) => {
    const headings = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    headings.forEach((heading, column) => {
      if (!heading.classList.contains("sort")) return;
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.append(...heading.childNodes);
      heading.append(button);
      // the largest number, or the letter A, first; then the other way; then the order of the course
      const first = rows.every((row) => number(text(row, column)) !== undefined) ? "descending" : "ascending";
      const second = first === "ascending" ? "descending" : "ascending";
      button.addEventListener("click", () => {
        const next = { [first]: second, [second]: null }[heading.ariaSort] ?? (heading.ariaSort ? null : first);
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        if (next) heading.setAttribute("aria-sort", next);
        body.append(...(next ? sorted(rows, column, next === "ascending" ? 1 : -1) : rows));
      });
    });
  };

  const labelled = (name, control) => {
    const label = document.createElement("label");
    label.append(`${name} `, control);
    return label;
  };

  const setUpChoosing = (table, rows) => {
    const bar = Object.assign(document.createElement("div"), { className: "bend-sheet-bar" });
    const search = Object.assign(document.createElement("input"), { type: "search", placeholder: "a word" });
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    bar.append(labelled("Find", search));
    const choices = [];
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      if (!heading.classList.contains("choose")) return;
      const select = document.createElement("select");
      select.append(new Option("any"));
      new Set(rows.map((row) => text(row, column))).forEach((value) => select.append(new Option(value)));
      choices.push([select, column]);
      bar.append(labelled(heading.textContent.trim(), select));
    });
    const show = () => {
      const word = search.value.trim().toLowerCase();
      rows.forEach((row) => {
        row.hidden = !row.textContent.toLowerCase().includes(word)
          || choices.some(([select, column]) => select.selectedIndex > 0 && select.value !== text(row, column));
      });
      count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
    };
    bar.append(count);
    bar.addEventListener("input", show);
    show();
    (table.closest(".pst-scrollable-table-container") ?? table).before(bar);
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table.bend-sheet").forEach((table) => {
      const rows = [...table.tBodies[0].rows];
      setUpChoosing(table, rows);
      setUpSorting(table, rows);
    });
  });
})();
