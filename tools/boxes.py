"""The boxes of a chapter: what the site, the claims page and the tests read in the Markdown.

A box is a MyST directive between colons or backticks::

    (claim-b4)=
    :::{admonition} The document says
    :class: claim
    ...
    :::
"""

import re
from dataclasses import dataclass, field

import nbformat

OPENS = re.compile(r"(?P<marks>:{3,}|`{3,}|~{3,})\s*\{(?P<kind>[\w:-]+)\}\s*(?P<title>.*)")
OPTION = re.compile(r":(?P<name>[\w-]+):\s*(?P<value>.*)")
LABEL = re.compile(r"\((?P<label>[\w:-]+)\)=")


@dataclass
class Box:
    """One directive: ``lines`` are its own, without options and without the boxes inside."""

    kind: str
    title: str = ""
    label: str = ""
    classes: tuple = ()
    lines: list = field(default_factory=list)
    boxes: list = field(default_factory=list)

    @property
    def text(self):
        return "\n".join(self.lines).strip()

    @property
    def paragraphs(self):
        return [" ".join(part.split()) for part in re.split(r"\n\s*\n", self.text) if part.strip()]

    @property
    def items(self):
        """The entries of its list, each on one line."""
        joined = re.sub(r"\n\s{2,}(?=\S)", " ", self.text)
        return [line[2:].strip() for line in joined.splitlines() if line.startswith("- ")]


def parse(text):
    """The whole of a Markdown text as a Box of kind "page"; plain code fences stay as lines."""
    page = Box("page")
    stack, marks, label, head, plain = [page], [""], "", False, ""
    for line in text.splitlines():
        stripped = line.strip()
        if plain:
            stack[-1].lines.append(line)
            plain = "" if stripped == plain else plain
        elif match := OPENS.match(stripped):
            box = Box(match["kind"], match["title"].strip(), label)
            stack[-1].boxes.append(box)
            stack.append(box)
            marks.append(match["marks"])
            head, label = True, ""
        elif len(stack) > 1 and stripped == marks[-1]:
            stack.pop()
            marks.pop()
            head = False
        elif fence := re.match(r"`{3,}|~{3,}", stripped):
            stack[-1].lines.append(line)
            plain = fence[0]
        elif head and (option := OPTION.match(stripped)):
            if option["name"] == "class":
                stack[-1].classes = tuple(option["value"].split())
        elif match := LABEL.fullmatch(stripped):
            label = match["label"]
            stack[-1].lines.append(line)
        else:
            head = head and not stripped
            label = label if not stripped else ""
            stack[-1].lines.append(line)
    return page


def walk(box):
    """All boxes inside a box, in order, at any depth."""
    for inner in box.boxes:
        yield inner
        yield from walk(inner)


def of_notebook(path):
    """All boxes of a notebook or a Markdown page, with the number of their cell."""
    if path.suffix == ".md":
        cells = [path.read_text(encoding="utf-8")]
    else:
        notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
        cells = [cell.source if cell.cell_type == "markdown" else "" for cell in notebook.cells]
    return [(n, box) for n, text in enumerate(cells, 1) for box in walk(parse(text))]


# ---- claims --------------------------------------------------------------------------------

# How a finding begins, and what the site makes of it.
VERDICTS = {
    "**Holds.**": "{bdg-success}`holds`",
    "**Holds under a condition.**": "{bdg-warning}`holds under a condition`",
    "**Does not hold.**": "{bdg-danger}`does not hold`",
}
CLAIM = re.compile(r"claim(?P<ids>(?:-[a-e]\d+)+)")


@dataclass
class Claim:
    """What a document says, and what the chapter found."""

    label: str
    ids: tuple
    says: str
    verdict: str
    finding: str


def claims(path):
    """The claims that a chapter judges, and what is wrong with their boxes."""
    found, wrong = [], []
    for n, box in of_notebook(path):
        if "claim" not in box.classes:
            continue
        where = f"cell {n}, {box.label or 'a claim'}:"
        match = CLAIM.fullmatch(box.label)
        if not match:
            wrong.append(f"{where} needs a label as (claim-b4)= on the line before the box")
            continue
        verdicts = re.findall("|".join(map(re.escape, VERDICTS)), box.text)
        if len(box.paragraphs) != 2 or len(verdicts) != 1:
            wrong.append(
                f"{where} two paragraphs are needed, the claim, then one verdict of "
                f"{', '.join(VERDICTS)} and the finding"
            )
            continue
        says, finding = box.paragraphs
        if not finding.startswith(verdicts[0]):
            wrong.append(f"{where} the second paragraph begins with the verdict")
            continue
        finding = finding.removeprefix(verdicts[0]).strip()
        first = re.split(r"(?<=[.!?])\s+(?=[A-Z])", finding)[0]
        ids = tuple(part.upper() for part in match["ids"].strip("-").split("-"))
        found.append(Claim(box.label, ids, says, verdicts[0], first))
    return found, wrong


# ---- questions: predictions and the quick check --------------------------------------------


@dataclass
class Question:
    """A question with its options (none: a number is asked), the right answer and the reasons."""

    title: str
    options: list
    right: str
    reasons: dict


def question(box):
    """Read a Predict or quiz box; ValueError says what its form lacks."""
    answers = [inner for inner in box.boxes if "dropdown" in inner.classes]
    if len(answers) != 1 or answers[0].title != "Answer":
        raise ValueError("needs one box inside: {admonition} Answer, with :class: dropdown")
    asked = [line for line in box.lines if line.strip() and not line.startswith(("- ", "  "))]
    if not any("?" in line for line in asked):
        raise ValueError("holds no question")
    answer, options = answers[0], box.items
    bold = re.match(r"\*\*(.+?)\*\*", answer.text)
    if not bold:
        raise ValueError("the answer begins with the right option (or number) in bold")
    right = _bare(bold[1])
    reasons = {}
    if options:
        if not 2 <= len(options) <= 4:
            raise ValueError(f"offers {len(options)} options instead of two to four")
        if right not in map(_bare, options):
            raise ValueError(f"the bold answer {right!r} is none of the options")
        for option in options:
            if _bare(option) == right:
                continue
            reason = [i for i in answer.items if i.startswith(f"{option}: ")]
            if not reason:
                raise ValueError(f"the answer has no line for the wrong option {option!r}")
            reasons[option] = reason[0].removeprefix(f"{option}: ")
    elif not re.search(r"\d", right):
        raise ValueError("without options a number is needed in bold")
    return Question(box.title, options, right, reasons)


def _bare(text):
    return text.strip().rstrip(".")


def questions(path, kind):
    """The boxes of a chapter with the class ``kind`` ("predict", "quiz"), as (cell, box)."""
    return [(n, box) for n, box in of_notebook(path) if kind in box.classes]
