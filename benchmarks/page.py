"""What the first visit of a page costs: bytes, requests, paints, shifts, a blocked main thread.

    python benchmarks/page.py                 the site in _build/html
    python benchmarks/page.py folder          another one

Chromium, a processor made four times slower, 10 Mbit/s with 40 ms of delay, an empty cache,
files packed with gzip as a server sends them. The best of three visits counts, so that another
busy program disturbs little; the bars are for a chapter at 390 px. It is no test.
"""

import gzip
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
VISITS = [  # page, width, the page that was read before
    ("book/intro", 1440, None),
    ("book/intro", 390, None),
    ("book/activations/sigmoid", 1440, None),
    ("book/activations/sigmoid", 390, None),
    ("book/deep_xor/atlas", 1440, None),
    ("book/deep_xor/atlas", 390, None),
    ("book/activations/tanh", 1440, "book/activations/sigmoid"),
    ("book/activations/tanh", 390, "book/activations/sigmoid"),
]
OWN = ("page.js", "explorer.js")
BARS = "at most 400 kB, LCP 1.0 s, CLS 0.02, blocking 0.6 s"
OBSERVE = """
window.seen = {lcp: 0, cls: 0, blocking: 0};
const watch = (type, note) => new PerformanceObserver(
  (list) => list.getEntries().forEach(note)).observe({type, buffered: true});
watch("largest-contentful-paint", (e) => { seen.lcp = e.startTime; });
watch("layout-shift", (e) => { if (!e.hadRecentInput) seen.cls += e.value; });
watch("longtask", (e) => { seen.blocking += Math.max(0, e.duration - 50); });
"""


def serve(site):
    """The site on localhost, packed as it would be by a server for static pages."""

    class Packed(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            path = site / self.path.split("?")[0].lstrip("/")
            if not path.is_file():
                self.send_error(404)
                return
            data, kind = path.read_bytes(), guess_type(path.name)[0] or "font/woff2"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            if kind.startswith("text/") or kind.endswith(("javascript", "svg+xml")):
                data = gzip.compress(data, 6)
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "max-age=600")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Packed)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://localhost:{server.server_port}"


def visit(browser, address, name, width, before):
    """One visit with an empty cache; kilobytes, requests, seconds, seconds, shift, seconds."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    if before:
        page.goto(f"{address}/{before}.html", wait_until="networkidle")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    line = {"latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}
    session.send("Network.emulateNetworkConditions", {"offline": False, **line})
    sizes = []
    session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    page.add_init_script(OBSERVE)
    page.goto(f"{address}/{name}.html", wait_until="networkidle")
    page.wait_for_timeout(1500)
    seen = page.evaluate("seen")
    fcp = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    sent = [size for size in sizes if size]
    times = fcp / 1000, seen["lcp"] / 1000
    return sum(sent) / 1000, len(sent), *times, seen["cls"], seen["blocking"] / 1000


def own_scripts(site):
    """Kilobytes, gzipped, of the scripts that are this project's own."""
    return sum(len(gzip.compress((site / "_static" / name).read_bytes())) for name in OWN) / 1000


def main(site=ROOT / "_build" / "html"):
    sys.path.insert(0, str(ROOT))
    from tools.browser import find

    site = Path(site).resolve()
    if not site.is_dir():
        sys.exit(f"no site in {site}: run `make book` first")
    address = serve(site)
    print(f"\nFirst visit, processor 4x slower, 10 Mbit/s, 40 ms (bars for 390 px: {BARS})")
    print(f"{'page':<32}{'kB':>6}{'requests':>10}{'FCP':>7}{'LCP':>7}{'CLS':>8}{'blocking':>10}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, width, before in VISITS:
            tries = [visit(browser, address, name, width, before) for _ in range(3)]
            kB, requests, fcp, lcp, cls, blocking = (min(column) for column in zip(*tries))
            label = f"{Path(name).name} {width}"
            if before:
                label += f" after {Path(before).name}"
            print(
                f"{label:<32}{kB:>6.0f}{requests:>10}{fcp:>7.2f}{lcp:>7.2f}{cls:>8.3f}"
                f"{blocking:>10.2f}",
                flush=True,
            )
        browser.close()
    print(f"Scripts of our own, gzipped: {own_scripts(site):.1f} kB (bar: 20)")


if __name__ == "__main__":
    main(*sys.argv[1:])
