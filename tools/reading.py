"""How long a chapter takes to read: words, visible code and explorers of its main line.

    python tools/reading.py [FILE...]    a table of all notebooks, or of some

Counted is what a reader has to read: not the folds (class dropdown), not hidden cells, and
not the sections in which the reader works (quick check, exercises) or looks things up.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import boxes
from tools.citations import LINK
from tools.notebooks import ROOT, notebooks

WORDS_A_MINUTE, LINES_A_MINUTE, MINUTES_AN_EXPLORER = 150, 10, 1
NOT_READ = {"Quick check", "Exercises", "Sources"}
HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}


@dataclass
class Reading:
    words: int = 0
    lines: int = 0
    explorers: int = 0

    @property
    def minutes(self):
        return round(
            self.words / WORDS_A_MINUTE
            + self.lines / LINES_A_MINUTE
            + self.explorers * MINUTES_AN_EXPLORER
        )


def visible(box):
    """The text of a box and of the boxes inside, without folds."""
    if "dropdown" in box.classes:
        return ""
    return "\n".join([box.title, box.text, *map(visible, box.boxes)])


def count_words(text):
    """Words as a reader counts them: a formula, a piece of code or a citation is one."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", " formula ", text, flags=re.DOTALL)
    text = re.sub(r"^\(.*\)=$|^:\w+:.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\{[\w:+-]+\}`([^`<]*)(?:<[^`]*)?`", r"\1", text)
    text = re.sub(r"`[^`]*`", " code ", text)
    text = re.sub(LINK, " citation ", text)
    text = re.sub(r"\]\([^)]*\)", " ", text)
    return len(re.findall(r"[^\W_]+(?:[.,'’/-][^\W_]+)*", text))


def measure(path):
    """The Reading of a notebook."""
    notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
    reading, counts = Reading(), True
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"(?m)^(?=##? )", cell.source):
                if heading := re.match(r"##? (.*)", part):
                    counts = heading[1].strip() not in NOT_READ
                if counts:
                    reading.words += count_words(visible(boxes.parse(part)))
        elif counts:
            reading.explorers += len(re.findall(r"\bexplore\(", cell.source))
            if not HIDDEN & set(cell.metadata.get("tags", [])):
                reading.lines += sum(bool(line.strip()) for line in cell.source.splitlines())
    return reading


def main():
    paths = [Path(name).resolve() for name in sys.argv[1:]] or notebooks()
    print("words  code lines  explorers  minutes")
    total = 0
    for path in paths:
        r = measure(path)
        total += r.minutes
        name = path.relative_to(ROOT / "book").with_suffix("")
        print(f"{r.words:5d}  {r.lines:10d}  {r.explorers:9d}  {r.minutes:7d}  {name}")
    print(f"{total} minutes in all")


if __name__ == "__main__":
    main()
