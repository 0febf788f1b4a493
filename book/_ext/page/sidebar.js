// The sidebar: the current entry in view, and ticks for what has been read.

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

setUpSidebar();
