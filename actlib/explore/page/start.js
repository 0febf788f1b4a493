// Sets up each explorer that is not set up yet. A notebook brings this script with each figure.

for (const box of document.querySelectorAll("bend-explorer:not([data-ready])")) {
  const explorer = new Explorer(box);
  addAddress(explorer);
  addDrag(explorer);
  addPlay(explorer);
}
