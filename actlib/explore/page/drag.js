// Dragging in the figure: what is nearest to the pointer follows it, from position to position.

const addDrag = (explorer) => {
  const { data } = explorer;
  if (!data.drag) return;
  let handle = null, before = null;

  // A handle that is a place on one axis only is as far away as on that axis.
  const distance = ([x, y], point) => Math.hypot(
    x === null ? 0 : x - point.x,
    y === null ? 0 : y - point.y,
  );
  const inPicture = (event, svg) =>
    new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());

  // The places of all controls for each position that the handle can be moved to.
  const reachable = ({ moves }) => {
    let all = [explorer.places];
    for (const c of moves) {
      all = all.flatMap((places) => data.values[c].map(
        (_, at) => [...places.slice(0, c), at, ...places.slice(c + 1)],
      ));
    }
    return all;
  };
  const nearest = (items, placeOf, point) => items.reduce((best, item) => {
    const away = distance(placeOf(item), point);
    return away < best.away ? { item, away } : best;
  }, { away: Infinity }).item;

  const follow = (event) => {
    const point = inPicture(event, event.currentTarget);
    const places = nearest(reachable(handle), (p) => handle.at[explorer.indexOf(p)], point);
    explorer.moveBy("input", places);
  };
  const end = (event) => {
    if (!handle) return;
    if (event.type === "pointercancel") explorer.moveBy("input", before);
    else explorer.moveBy("change", explorer.places);
    handle = null;
  };

  explorer.panels.forEach((svg, p) => {
    const handles = data.drag.filter(({ panels }) => panels.includes(p));
    if (!handles.length) return;
    svg.dataset.drag = "";
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      const here = explorer.indexOf(explorer.places);
      before = explorer.places;
      handle = nearest(handles, (h) => h.at[here], inPicture(event, svg));
      svg.setPointerCapture(event.pointerId);
      if (event.pointerType === "mouse") follow(event);
    });
    svg.addEventListener("pointermove", (event) => handle && follow(event));
    svg.addEventListener("pointerup", (event) => {
      if (handle) follow(event);
      end(event);
    });
    svg.addEventListener("pointercancel", end);
  });
};
