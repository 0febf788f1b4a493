"""One sentence a line: where does a line of Markdown hold two sentences, or half a one?

A heuristic that errs on the quiet side: code, formulas, tables, headings and titles are left
alone, and so is anything after an abbreviation.
"""

import re

PROSE_DIRECTIVES = {
    "div",
    "admonition",
    "note",
    "tip",
    "warning",
    "important",
    "seealso",
    "dropdown",
}
ABBREVIATIONS = re.compile(
    r"\b(?:e\.g|i\.e|cf|vs|etc|al|approx|resp|[Ff]igs?|[Ee]qs?|[Cc]h|[Ss]ec|[Nn]o|[Pp]p?|Dr|Mr|Ms"
    r"|Prof|St|[A-Z])\.$"
)
SENTENCE_END = re.compile(r"[.!?][\"”’')\]*_]*(?=\s+[\"“‘(\[*_]*[A-Z])")
FINISHED = re.compile(r"[.!?:;…][\"”’')\]*_}]*$")
FENCE = re.compile(r"(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:-]+)\})?")
FORMULA_ON_ONE_LINE = re.compile(r"\$\$.+\$\$")
NO_PROSE = re.compile(
    r"[#|<%]|:[\w-]+:|\([\w:-]+\)=$|\+\+\+|---"
)  # headings, tables, options, labels
LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
VERDICT = re.compile(r"^\*\*[^*]+\.\*\*\s+")  # the answer of a question, before its reason
INLINE = (
    (re.compile(r"\{[\w:+-]+\}`[^`]*`"), "Qq"),  # a role
    (re.compile(r"(`+).*?\1"), "Qq"),  # code
    (re.compile(r"\$[^$]+\$"), "Qq"),  # a formula
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),  # a link or an image
    (re.compile(r"<[^>]+>"), ""),  # HTML, bare addresses
)


def prose_lines(text):
    """(number, line) of each line that holds running text; None where a paragraph breaks."""
    lines = text.splitlines()
    front = lines.index("---", 1) + 1 if lines[:1] == ["---"] else 0
    fences, formula = [], False
    for number, line in list(enumerate(lines, 1))[front:]:
        line = line.rstrip()
        stripped = line.strip()
        running = False
        if fence := FENCE.match(stripped):
            marks, directive = fence.groups()
            if fences and stripped == fences[-1][0]:
                fences.pop()
            else:
                fences.append((marks, directive in PROSE_DIRECTIVES))
        elif FORMULA_ON_ONE_LINE.match(stripped):
            pass
        elif stripped.startswith(("$$", "\\begin")):
            formula = not formula
        elif stripped.endswith("$$") or stripped.startswith("\\end"):
            formula = False
        else:
            inside_prose = not formula and all(prose for _, prose in fences)
            running = inside_prose and stripped and not NO_PROSE.match(stripped)
        yield (number, line) if running else None


def plain(line):
    """A line without its markup, formulas and code."""
    line = re.sub(r"^[\s>:]*", "", line)
    line = LIST_ITEM.sub("", line)
    line = VERDICT.sub("", line)
    for pattern, replacement in INLINE:
        line = pattern.sub(replacement, line)
    return line.strip()


def complaints(text):
    """What breaks the rule of one sentence a line, each with its line number."""
    found, open_line = [], None
    for entry in prose_lines(text):
        if entry is None:
            open_line = None
            continue
        number, line = entry
        words = plain(line)
        for end in SENTENCE_END.finditer(words):
            before = words[: end.start() + 1]
            if not ABBREVIATIONS.search(before):
                found.append(f"line {number} holds two sentences: …{before[-30:]} | …")
                break
        starts_anew = LIST_ITEM.match(line) or not words[:1].islower()
        if open_line is not None and not starts_anew:
            found.append(f"line {number} goes on with the sentence of line {open_line}")
        open_line = None if FINISHED.search(words) else number
    return found
