// Paper is light, and a button prints the page.

const setUpPrint = () => {
  const page = document.documentElement;
  let theme = page.dataset.theme;
  addEventListener("beforeprint", () => { theme = page.dataset.theme; page.dataset.theme = "light"; });
  addEventListener("afterprint", () => { page.dataset.theme = theme; });
};

setUpPrint();
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
