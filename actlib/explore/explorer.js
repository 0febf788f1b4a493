(() => {
  // Runs once after each explorer; sets up every one that is not set up yet.
  const start = (box) => {
    box.dataset.ready = "";
    const data = JSON.parse(box.querySelector("script[type='application/json']").textContent);
    const find = (selector) => box.querySelector(selector);
    const figure = find(".btl-figure");
    const panels = [...figure.querySelectorAll("svg")].map((svg) => svg.querySelectorAll("g"));
    const say = find(".btl-say span");
    const controls = [...box.querySelectorAll("[data-choice]")];
    const shown = panels.map(() => [-1, ""]);

    const position = (control) => control.matches("fieldset")
      ? [...control.querySelectorAll("input")].findIndex((input) => input.checked)
      : Number(control.value);

    const draw = () => {
      let index = 0;
      controls.forEach((control, c) => {
        const at = position(control);
        index = index * data.values[c].length + at;
        if (!control.matches("fieldset")) {
          control.setAttribute("aria-valuetext", data.values[c][at]);
          control.parentNode.querySelector("output").textContent = data.values[c][at];
        }
      });
      data.frames[index].forEach(([axes, ...parts], p) => {
        const picture = parts.map((i) => data.parts[i]).join("");
        if (shown[p][0] !== axes) panels[p][0].innerHTML = data.parts[axes];
        if (shown[p][1] !== picture) panels[p][1].innerHTML = picture;
        shown[p] = [axes, picture];
      });
      say.textContent = data.say[index];
      figure.setAttribute("aria-label", data.say[index]);
    };

    controls.forEach((control) => control.addEventListener("input", draw));
    const play = find(".btl-play");
    if (play) {
      const slider = controls[data.play];
      let timer = 0;
      const stop = () => { clearInterval(timer); timer = 0; play.textContent = "▶ Play"; };
      play.addEventListener("click", () => {
        if (timer) return stop();
        if (slider.value === slider.max) slider.value = 0;
        play.textContent = "❚❚ Pause";
        draw();
        timer = setInterval(() => {
          slider.value = Number(slider.value) + 1;
          draw();
          if (slider.value === slider.max) stop();
        }, Math.max(80, Math.min(500, 6000 / data.values[data.play].length)));
        return undefined;
      });
      slider.addEventListener("input", () => timer && stop());
    }
    find(".btl-controls").hidden = false;
    draw();
  };
  document.querySelectorAll("bend-explorer:not([data-ready])").forEach(start);
})();
