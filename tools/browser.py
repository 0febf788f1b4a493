"""Find a Chromium or Chrome for the browser tests, and install one where that is easy.

``python tools/browser.py`` prints the program's path. In this order: the environment variable
CHROMIUM, a browser of the system, the one Playwright keeps, and on Debian or Ubuntu as root
the package ``chromium``. Anywhere else it says what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)
HELP = """No Chromium or Chrome found for the browser tests. One of these helps:
  - install Chromium or Google Chrome (Debian, Ubuntu: apt-get install chromium)
  - set CHROMIUM to the path of the program
  - run: python -m playwright install chromium"""


def find():
    """The path of a browser, or None."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None:
            raise SystemExit(f"CHROMIUM is set to {chosen!r}, which is not a program")
        return path
    for command in COMMANDS:
        if path := shutil.which(command):
            return path
    for place in PLACES:
        path = Path(os.path.expandvars(place))
        if path.is_file():
            return str(path)
    return playwrights_own()


def playwrights_own():
    """The browser that ``playwright install`` fetched, if it did."""
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:
        return None
    return path if Path(path).is_file() else None


def install():
    """Install Debian's chromium with one font family, if this is Debian and we are root."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    print("No browser found, installing the package chromium", file=sys.stderr)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    packages = ["chromium", "fonts-liberation"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", "-qq", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            check=True,
        )


def find_or_install():
    """The path of a browser; SystemExit with what to do where there is none."""
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        raise SystemExit(HELP)
    return path


if __name__ == "__main__":
    print(find_or_install())
