"""A page with a memory: what it complained about and whom it asked."""

from urllib.parse import urlsplit


class Watched:
    """A browser page that collects its complaints in `problems`."""

    def __init__(self, context, name):
        self.name, self.problems = name, []
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._note(f"uncaught: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def open(self, url):
        self.page.goto(url)
        return self

    def _note(self, problem):
        self.problems.append(f"{self.name}: {problem}")

    def _console(self, message):
        if message.type in ("error", "warning"):
            self._note(f"console {message.type}: {message.text}")

    def _failed(self, request):
        self._note(f"request failed: {request.url} ({request.failure})")

    def _response(self, response):
        if response.status >= 400:
            self._note(f"answer {response.status}: {response.url}")

    def _request(self, request):
        parts = urlsplit(request.url)
        local = parts.hostname in ("localhost", "127.0.0.1")
        if not local and parts.scheme not in ("file", "data", "blob", "about"):
            self._note(f"request to another host: {request.url} ({request.resource_type})")


def report(problems):
    """Assert that there is no problem; the message is the list of them."""
    problems = list(dict.fromkeys(problems))
    assert not problems, f"{len(problems)} found:\n  " + "\n  ".join(problems)


# --- explorers ----------------------------------------------------------------------------------

# Goes through every position of an explorer, without the keyboard, which is quick.
ALL_POSITIONS = """(box) => {
  const problems = [], heights = new Set(), pictures = new Set();
  const controls = [...box.querySelectorAll("[data-choice]")];
  const sizes = controls.map((c) => c.matches("fieldset")
    ? c.querySelectorAll("input").length : Number(c.max) + 1);
  const total = sizes.reduce((a, b) => a * b, 1);
  for (let n = 0; n < total; n++) {
    let rest = n;
    controls.forEach((control, i) => {
      const at = rest % sizes[i];
      rest = Math.floor(rest / sizes[i]);
      if (control.matches("fieldset")) control.querySelectorAll("input")[at].checked = true;
      else control.value = at;
    });
    controls[0].dispatchEvent(new Event("input", {bubbles: true}));
    const at = controls.map((c) => c.getAttribute("aria-valuetext")).join(", ");
    const picture = box.querySelector(".btl-figure").innerHTML;
    const sentence = box.querySelector("[role=status]").innerText.trim();
    pictures.add(picture);
    heights.add(Math.round(box.getBoundingClientRect().height));
    if (!/<(path|text|circle|rect)/.test(picture)) problems.push(`empty picture at ${at}`);
    if (/NaN|undefined|None/.test(picture)) problems.push(`broken picture at ${at}`);
    if (!sentence) problems.push(`no sentence at ${at}`);
    if (/NaN|undefined|None/.test(sentence)) problems.push(`odd sentence at ${at}: ${sentence}`);
  }
  if (heights.size > 1) problems.push(`its height changes: ${[...heights].join(", ")} px`);
  if (pictures.size < 2) problems.push("its picture never changes");
  return problems;
}"""


def explorer_name(box, number):
    question = box.query_selector(".btl-question")
    return f"explorer {number}" + (f" ({question.inner_text()})" if question else "")


def picture(box):
    return box.query_selector(".btl-figure").inner_html()


def sentence(box):
    return box.query_selector("[role=status]").inner_text().strip()


def by_keyboard(page, box, name):
    """Move each control of an explorer with the keys alone; gives the problems."""
    problems = []
    if box.query_selector("svg") is None:
        problems.append(f"{name} has no picture")
    for slider in box.query_selector_all("input[type=range]"):
        label = slider.get_attribute("aria-label") or "a slider without a name"
        seen, texts = set(), set()
        slider.focus()
        for key in ("Home", "ArrowRight", "ArrowRight", "End", "ArrowLeft"):
            page.keyboard.press(key)
            seen.add(picture(box))
            texts.add(slider.get_attribute("aria-valuetext"))
            if not sentence(box):
                problems.append(f"{name}, {label}: no sentence after {key}")
        if len(seen) < 2:
            problems.append(f"{name}, {label}: the keys do not change the picture")
        if None in texts or "" in texts or len(texts) < 2:
            problems.append(f"{name}, {label}: aria-valuetext does not follow: {texts}")
    for group in box.query_selector_all("fieldset"):
        before = group.query_selector("input:checked").get_attribute("value"), picture(box)
        group.query_selector("input:checked").focus()
        page.keyboard.press("ArrowDown")
        if picture(box) == before[1]:
            legend = group.query_selector("legend").inner_text()
            problems.append(f"{name}, {legend}: the keys do not change the picture")
    return problems
