// Cards: what a term or a citation means, beside the link.

const root = document.documentElement.dataset.content_root ?? "./";

// The texts come in a script of their own, asked for when the first card is: a page opened
// from disk may load scripts, but no data.
let texts;
const loadTexts = () => texts ??= new Promise((resolve) => {
  const script = Object.assign(document.createElement("script"), { src: `${root}_static/cards.js` });
  script.onload = () => resolve(window.bendCards ?? {});
  script.onerror = () => resolve({});
  document.head.append(script);
});

const setUpCards = () => {
  const card = Object.assign(document.createElement("div"), { className: "bend-card-text", id: "bend-card-text", hidden: true });
  card.setAttribute("role", "tooltip");
  document.body.append(card);
  let owner = null, timer = 0;
  const hide = () => {
    clearTimeout(timer);
    card.hidden = true;
    owner?.removeAttribute("aria-describedby");
    owner = null;
  };
  const show = async (link) => {
    owner = link;
    const html = (await loadTexts())[decodeURIComponent(link.hash.slice(1))];
    if (!html || owner !== link) return;
    card.innerHTML = html;
    card.hidden = false;
    link.setAttribute("aria-describedby", card.id);
    const at = link.getClientRects()[0];
    const width = Math.min(352, document.documentElement.clientWidth - 24);
    card.style.width = `${width}px`;
    card.style.left = `${Math.max(12, Math.min(at.left, document.documentElement.clientWidth - width - 12)) + scrollX}px`;
    const below = at.bottom + card.offsetHeight + 16 < innerHeight;
    card.style.top = `${(below ? at.bottom + 6 : at.top - card.offsetHeight - 6) + scrollY}px`;
  };
  document.querySelectorAll(".bd-article a[href*='glossary.html#term-'], .bd-article a[href*='bibliography.html#']")
    .forEach((link) => {
      link.addEventListener("pointerenter", (event) => {
        if (event.pointerType === "mouse") { clearTimeout(timer); timer = setTimeout(() => show(link), 200); }
      });
      link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
      link.addEventListener("blur", hide);
      link.addEventListener("pointerleave", () => { clearTimeout(timer); timer = setTimeout(hide, 250); });
    });
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", hide);
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
};

setUpCards();
