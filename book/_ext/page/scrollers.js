// What scrolls sideways can be reached with the keyboard.

const SCROLLERS = ".highlight pre, .output pre, div.math, .pst-scrollable-table-container, div.output";
const markScrollers = () => {
  const boxes = [...document.querySelectorAll(SCROLLERS)];
  // all are measured before one is marked, so that the page is laid out once
  const scrolls = boxes.map((box) => box.scrollWidth > box.clientWidth + 1
    && getComputedStyle(box).overflowX !== "visible");
  boxes.forEach((box, i) => {
    if (scrolls[i]) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
};

addEventListener("load", () => setTimeout(markScrollers));
addEventListener("resize", markScrollers);
document.addEventListener("toggle", markScrollers, true);  // a fold that opens does not tell its parents
