"""What an explorer costs: bytes on the page, time to draw, time from input to paint.

Run it with ``make bench`` or ``python benchmarks/explorer.py``. It measures one explorer of
41 positions and two panels: the sigmoid with its slope, steepened by a slider. The bars
are stated in CONTRIBUTING.
"""

import gzip
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from actlib import d_sigmoid, plots, sigmoid
from actlib.explore import explore
from actlib.explore.html import script, style

X = np.linspace(-10, 10, 401)
PAINT = """
async () => {
  const slider = document.querySelector("input[type=range]");
  const frame = () => new Promise(requestAnimationFrame);
  const afterPaint = () => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    requestAnimationFrame(() => channel.port2.postMessage(0));
  });
  const times = [];
  for (let step = 0; step < 60; step += 1) {
    await frame();  // a reader's finger does not keep time with the screen: spread over the frame
    await new Promise((done) => setTimeout(done, (step * 5) % 17));
    const start = performance.now();
    slider.value = (step * 7) % 41;
    slider.dispatchEvent(new Event("input", {bubbles: true}));
    const work = performance.now() - start;
    document.body.getBoundingClientRect();
    const laidOut = performance.now() - start;
    times.push([work, laidOut, await afterPaint() - start]);
  }
  return times;
}
"""


def draw(left, right, k):
    left.set(xlim=(-10, 10), ylim=(-0.1, 1.1), xlabel="x", ylabel="σ(kx)")
    plots.axes_through_zero(left)
    plots.plot_function(left, X, sigmoid(k * X), "σ(kx)")
    plots.points(left, 0, 0.5, hollow=True)
    right.set(xlim=(-10, 10), ylim=(-0.1, 1.1), xlabel="x", ylabel="slope")
    plots.axes_through_zero(right)
    plots.plot_slope(right, X, k * d_sigmoid(k * X), "slope")
    plots.points(right, 0, k / 4, hollow=True)


def build():
    return explore(
        draw,
        panels=2,
        question="How steep can it get?",
        k=np.linspace(0.1, 4.1, 41),
        describe=lambda k: f"k = {k:.1f}: the slope at 0 is {k / 4:.3f}.",
        play="k",
    )


def paint_times(html):
    """Milliseconds from input to done: script alone, script and layout, painted frame."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tools.browser import find

    page_text = f"<!doctype html><html lang='en'><meta charset='utf-8'><title>t</title>{html}"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_text(page_text, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=find(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(file.as_uri())
        times = page.evaluate(PAINT)
        browser.close()
    return [statistics.median(column) for column in zip(*times, strict=True)]


def kilobytes(text, pack=bytes):
    return len(pack(text.encode())) / 1000


def main():
    build()  # fonts and imports are warm after the first
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        explorer = build()
        seconds.append(time.perf_counter() - began)
    html = explorer.to_html()
    shared = style() + script()  # once on a page, however many explorers it has
    own = html.replace(style(), "").replace(script(), "")
    print("explorer, 41 positions of two panels")
    print(f"  raw         {kilobytes(own):6.1f} kB   (bar: 150)")
    print(f"  gzipped     {kilobytes(own, gzip.compress):6.1f} kB   (bar: 30)")
    print(f"  shared      {kilobytes(shared, gzip.compress):6.1f} kB   script and style, gzipped")
    print(f"  drawing     {statistics.median(seconds):6.2f} s    (bar: 2; median of 5)")
    work, layout, paint = paint_times(html)
    print(
        f"  slider step {paint:6.1f} ms   to the painted frame (bar: 16; median of 60), of which "
        f"{work:.1f} ms script, {layout - work:.1f} ms layout"
    )


if __name__ == "__main__":
    main()
