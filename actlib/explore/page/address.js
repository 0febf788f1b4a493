// The state of a figure in the page's address: #fig-sigmoid-3?w=4. Only a figure that has a
// number on its page has an address; nothing is remembered anywhere else.

const addAddress = (explorer) => {
  const { box, data } = explorer;
  if (!box.id) return;

  const write = () => explorer.places.map((at, c) => {
    const text = data.values[c][at].replaceAll("−", "-");
    return `${encodeURIComponent(data.names[c])}=${encodeURIComponent(text)}`;
  }).join("&");

  const numberIn = (text) => parseFloat(text.replaceAll("−", "-"));
  const find = (texts, wanted, otherwise) => {
    const same = texts.findIndex((text) => text.replaceAll("−", "-") === wanted);
    if (same >= 0) return same;
    const away = texts.map((text) => Math.abs(numberIn(text) - numberIn(wanted)));
    const least = Math.min(...away);
    return Number.isNaN(least) ? otherwise : away.indexOf(least);
  };
  const read = (query) => {
    const given = new URLSearchParams(query);
    explorer.places = explorer.places.map((at, c) => given.has(data.names[c])
      ? find(data.values[c], given.get(data.names[c]), at) : at);
    explorer.isRestored = true;
  };

  let timer = 0;  // browsers refuse an address that changes as fast as a key repeats
  const keep = () => {
    clearTimeout(timer);
    const query = write();
    const kept = { ...history.state, [box.id]: query };
    history.replaceState(kept, "", `#${box.id}?${query}`);
  };
  const restore = () => {
    const [id, query] = location.hash.slice(1).split("?");
    const isHere = id === box.id && query !== undefined;
    const kept = isHere ? query : history.state?.[box.id];
    if (kept !== undefined) read(kept);
    return isHere;
  };

  box.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 200);
  });
  window.addEventListener("hashchange", () => restore() && box.scrollIntoView());
  const comesBack = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  if (restore() && !comesBack) box.scrollIntoView();  // the browser scrolls who comes back

  const button = explorer.find(".btl-copy");
  button.addEventListener("click", async () => {
    keep();
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject();
    button.textContent = await copied.then(() => "Link copied", () => "Link is in the address");
    setTimeout(() => { button.textContent = "Copy link"; }, 3000);
  });
};
