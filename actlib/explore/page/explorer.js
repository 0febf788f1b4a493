// An explorer on the page: its controls, and the picture and sentence of where they stand.

class Explorer {
  constructor(box) {
    this.box = box;
    this.data = JSON.parse(this.find("script[type='application/json']").textContent);
    this.controls = [...box.querySelectorAll("[data-choice]")];
    this.figure = this.find(".btl-figure");
    this.panels = [...this.figure.querySelectorAll("svg")];
    this.say = this.find("[role=status]");
    this.shown = this.panels.map(() => [-1, ""]);
    this.isRestored = false;
    for (const control of this.controls) {
      control.addEventListener("input", () => this.draw());
      if (!control.matches("fieldset")) keepInSwipe(control, () => this.draw());
    }
    box.dataset.ready = "";
    if (!this.isAsWritten) this.draw();
  }

  // The page comes with the first position drawn; a browser may have put a control elsewhere.
  get isAsWritten() {
    return this.controls.every((control) => control.matches("fieldset")
      ? [...control.querySelectorAll("input")].every((input) => input.checked === input.defaultChecked)
      : control.value === control.defaultValue);
  }

  find(selector) {
    return this.box.querySelector(selector);
  }

  // Where each control stands, as a number.
  get places() {
    return this.controls.map((control) => control.matches("fieldset")
      ? [...control.querySelectorAll("input")].findIndex((input) => input.checked)
      : Number(control.value));
  }

  set places(places) {
    this.controls.forEach((control, c) => {
      if (control.matches("fieldset")) control.querySelectorAll("input")[places[c]].checked = true;
      else control.value = places[c];
    });
    this.draw();
  }

  indexOf(places) {
    return places.reduce((index, at, c) => index * this.data.values[c].length + at, 0);
  }

  // As a hand would: whoever listens to a control hears of it.
  moveBy(name, places) {
    if (String(places) !== String(this.places)) this.places = places;
    this.controls[0].dispatchEvent(new Event(name, { bubbles: true }));
  }

  draw() {
    const { data, places } = this;
    const index = this.indexOf(places);
    this.controls.forEach((control, c) => {
      if (control.matches("fieldset")) return;
      const text = data.values[c][places[c]];
      control.setAttribute("aria-valuetext", text);
      control.parentNode.querySelector("output").textContent = text;
    });
    data.frames[index].forEach(([axes, ...parts], p) => {
      const [below, above] = this.panels[p].querySelectorAll(":scope > g");
      const picture = parts.map((i) => data.parts[i]).join("");
      if (this.shown[p][0] !== axes) below.innerHTML = data.parts[axes];
      if (this.shown[p][1] !== picture) above.innerHTML = picture;
      this.shown[p] = [axes, picture];
    });
    this.say.textContent = data.say[index];
    this.figure.setAttribute("aria-label", data.say[index]);
    this.box.toggleAttribute("data-found", Boolean(data.goal?.includes(index)));
  }
}

// A swipe over the page that begins on a slider moves it first; put it back once it is a swipe.
const keepInSwipe = (control, draw) => {
  let before = control.value;
  control.addEventListener("pointerdown", () => { before = control.value; });
  control.addEventListener("pointercancel", () => {
    control.value = before;
    draw();
  });
};
