// The search page: an excerpt begins with the text of the page, not with its buttons.

// From disk no page may be fetched, so the results come without excerpts.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

const NO_TEXT = ".bd-header-article, #jb-print-docs-body, script, style, noscript, .bend-minutes, "
  + ".btl-controls, .headerlink, .bend-letters, .predict, .quiz, summary, h1";

document.addEventListener("DOMContentLoaded", () => {  // when the theme's script is there
  if (typeof Search === "undefined") return;
  const original = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(NO_TEXT).forEach((element) => element.remove());
    page.querySelectorAll("dt").forEach((term) => term.append(": "));
    return original(page.documentElement.outerHTML, anchor);
  };
});
