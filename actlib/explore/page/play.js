// The play button: its slider goes through its values once and stops by itself.

const addPlay = (explorer) => {
  const button = explorer.find(".btl-play");
  if (!button) return;
  const { box, data, say } = explorer;
  const slider = explorer.controls[data.play];
  const wait = Math.max(80, Math.min(500, 6000 / data.values[data.play].length));
  let timer = 0, isOpening = false;

  const stop = () => {
    if (!timer) return;
    clearInterval(timer);
    timer = 0;
    button.textContent = "▶ Play";
    say.setAttribute("aria-live", "polite");
    if (!isOpening) slider.dispatchEvent(new Event("change", { bubbles: true }));
    isOpening = false;
  };
  const step = () => {
    slider.value = Number(slider.value) + 1;
    explorer.draw();
    if (slider.value === slider.max) stop();
  };
  const start = () => {
    if (slider.value === slider.max) slider.value = 0;
    button.textContent = "❚❚ Pause";
    say.setAttribute("aria-live", "off");  // the last sentence is spoken, not each on the way
    explorer.draw();
    timer = setInterval(step, wait);
  };

  button.addEventListener("click", () => (timer ? stop() : start()));
  box.addEventListener("input", stop);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!data.autoplay || still || explorer.isRestored) return;
  isOpening = true;  // nobody moved it, so it does not go into the address
  start();
};
