/* Small services of a page: hover cards, progress, keyboard access to what scrolls, search. */
"use strict";
(() => {
  const root = document.documentElement.dataset.content_root ?? "./";

  // --- the sidebar: the current entry in view, and ticks for what has been read ---------------

  // localStorage is closed in some private windows; then there are no ticks, and no error.
  const memory = {
    read: () => { try { return JSON.parse(localStorage.getItem("bend-read") ?? "[]"); } catch { return []; } },
    add: (name) => {
      try { localStorage.setItem("bend-read", JSON.stringify([...new Set([...memory.read(), name])])); } catch { /* no ticks */ }
    },
  };
  const nameOf = (address) => new URL(address, location.href).pathname.split("/").slice(-2).join("/");

  const tick = () => {
    const read = memory.read();
    document.querySelectorAll(".bd-links li.toctree-l1 > a").forEach((link) => {
      if (!read.includes(nameOf(link.href)) || link.querySelector(".bend-tick")) return;
      const mark = Object.assign(document.createElement("span"), { className: "bend-tick", textContent: " ✓" });
      mark.setAttribute("aria-label", " (read)");
      link.append(mark);
    });
  };

  const setUpSidebar = () => {
    tick();
    const end = document.querySelector(".prev-next-area");
    if (end && document.querySelector(".bend-minutes")) {
      new IntersectionObserver((entries, observer) => {
        if (!entries.some((entry) => entry.isIntersecting) || scrollY === 0) return;
        memory.add(nameOf(location.href));
        tick();
        observer.disconnect();
      }).observe(end);
    }
    // after the theme has put the sidebar back where it was on the page before
    addEventListener("load", () => setTimeout(() => {
      const current = document.querySelector(".bd-links li.current > a");
      const sidebar = current?.closest(".bd-sidebar-primary");
      if (!sidebar) return;
      const [at, box] = [current.getBoundingClientRect(), sidebar.getBoundingClientRect()];
      if (at.top < box.top || at.bottom > box.bottom) sidebar.scrollTop += at.top - box.top - box.height / 3;
    }));
  };

  // --- what scrolls sideways can be reached with the keyboard --------------------------------

  const SCROLLERS = ".highlight pre, .output pre, div.math, .pst-scrollable-table-container, div.output";
  const setUpScrollers = () => {
    const mark = () => document.querySelectorAll(SCROLLERS).forEach((box) => {
      if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== "visible") box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
    mark();
    addEventListener("resize", mark);
    document.querySelectorAll("details").forEach((fold) => fold.addEventListener("toggle", mark));
  };

  // --- cards: what a term or a citation means, beside the link -------------------------------

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

  // --- the search page: an excerpt begins with the text of the page, not with its buttons ------

  const setUpSearch = () => {
    if (typeof Search === "undefined") return;
    // From disk no page may be fetched, so the results come without excerpts.
    if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
    const original = Search.htmlToText;
    Search.htmlToText = (html, anchor) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      page.querySelectorAll(".bd-header-article, #jb-print-docs-body, script, style, noscript, .bend-minutes, .btl-controls")
        .forEach((element) => element.remove());
      return original(page.documentElement.outerHTML, anchor);
    };
  };

  // --- paper is light --------------------------------------------------------------------------

  const setUpPrint = () => {
    const page = document.documentElement;
    let theme = page.dataset.theme;
    addEventListener("beforeprint", () => { theme = page.dataset.theme; page.dataset.theme = "light"; });
    addEventListener("afterprint", () => { page.dataset.theme = theme; });
  };

  setUpPrint();
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  setUpSidebar();
  setUpScrollers();
  setUpCards();
  setUpSearch();
})();
