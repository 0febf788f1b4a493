"""The formula sheet: a table of all activations or of all losses, made from their records."""

from html import escape
from math import inf
from pathlib import Path

import numpy as np
import uses
from docutils import nodes
from docutils.statemachine import StringList
from matplotlib import rc_context
from matplotlib.figure import Figure
from sphinx.util.docutils import SphinxDirective

from actlib import ACTIVATIONS, GATES, LOSSES, plots
from actlib.explore.canvas import Canvas

# Heading of each column, and what the page may do with it: "sort" its rows, or "choose" some.
ACTIVATION_COLUMNS = (
    ("Function", "sort"), ("Formula and slope", ""), ("Range", "sort"),
    ("Limits at −∞ and ∞", ""), ("Largest slope", "sort"), ("Kinks", "choose"),
    ("Saturates", "choose"), ("Can die", "choose"), ("Zero-centred", "choose"),
    ("Calls", ""), ("Source", "sort"),
)  # fmt: skip
LOSS_COLUMNS = (
    ("Loss", "sort"), ("Formula and gradient", ""), ("Prediction", "choose"),
    ("Target", "choose"), ("Range", "sort"), ("Limits at both ends", ""),
    ("Largest gradient", "sort"), ("Kink", "choose"), ("Smallest at", ""),
    ("Noise", ""), ("Calls", ""), ("Source", "sort"),
)  # fmt: skip


def number(x):
    """A number for a reader: −∞, 0.25, 1.09984."""
    text = {inf: "∞", -inf: "−∞"}.get(x, f"{x + 0.0:.6g}")
    return text.replace("-", "−")


def span(low, high):
    return f"{number(low)} to {number(high)}"


def no_bound(x):
    return "no bound" if x == inf else number(x)


# --- pictures -----------------------------------------------------------------------------------

WIDTH, HEIGHT = 108, 60


def picture(record):
    """The curve and its slope as a small SVG, drawn like every figure of the course."""
    if record in LOSSES.values():
        low, high = (-3, 3) if record.end_points[1] == inf else (0.02, 0.98)
        x, top, bottom = np.linspace(low, high, 61), 3.2, -2.2
        value, slope = record.along(x)
    else:
        x, top, bottom = np.linspace(-4, 4, 81), 2.2, -1.6
        value, slope = record.f(x), record.df(x)
    jumps = [np.abs(np.diff(y, prepend=y[0])) > 0.4 for y in (value, slope)]  # no line there
    value, slope = (np.where(j, np.nan, y) for j, y in zip(jumps, (value, slope), strict=True))
    with rc_context(plots.STYLE):
        page = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
        ax = page.add_axes((0, 0, 1, 1), xlim=(x[0], x[-1]), ylim=(bottom, top))
        ax.axis("off")
        plots.axes_through_zero(ax)
        plots.plot_slope(ax, x, slope, linewidth=1.6)
        plots.plot_function(ax, x, value, linewidth=1.8)
        canvas = Canvas(WIDTH, HEIGHT)
        for artist in sorted(ax.lines, key=lambda line: line.get_zorder()):
            artist.draw(canvas)
    return (
        f'<svg class="bend-tiny" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" aria-hidden="true">{"".join(canvas.elements)}</svg>'
    )


# --- rows ---------------------------------------------------------------------------------------


def formulas(record):
    """Formula and derivative, each on a line, and so is what they define on the way."""
    lines = [*record.formula.split(r", \quad"), *record.derivative_formula.split(r", \quad")]
    return "\n\n".join(f"${line.strip()}$" for line in lines)


def calls(record):
    """The call of each library on a line; a sentence where there is none."""
    ours = f"{record.name}({record.arguments})"
    lines = [f"actlib: {{py:func}}`{ours} <actlib.{record.name}>`"]
    for library in ("pytorch", "jax", "keras"):
        call = getattr(record, library)
        title = {"pytorch": "PyTorch", "jax": "JAX", "keras": "Keras"}[library]
        lines.append(f"{title}: {call}" if call.startswith("none ") else f"{title}: `{call}`")
    return "\n\n".join(lines)


def kinks(record):
    if isinstance(record.kinks, str):
        return record.kinks
    text = " and ".join(number(kink) for kink in record.kinks)
    beside = [kink + side for kink in record.kinks for side in (-1e-9, 1e-9)]
    if record.parameters and beside and np.ptp(record.df(beside)) < 1e-6:
        (name, default), *_ = record.parameters.items()  # ELU's slope is smooth at its default
        text += f" unless {name} = {default:g}"
    return f"at {text}" if text else "none"


def activation_row(record):
    elementwise = record.name in ACTIVATIONS
    return [
        span(*record.bounds),
        ", ".join(map(number, record.limits)) if elementwise else "by its weights",
        no_bound(record.slope_max),
        kinks(record),
        {"both": "both sides", "left": "left", "right": "right", "no": "no"}[record.saturates],
        "yes" if record.dies else "no",
        "yes" if record.zero_centred else "no",
    ]


def loss_row(record):
    return [
        record.takes,
        record.target,
        span(record.lowest, inf),
        ", ".join(map(number, record.limits)),
        no_bound(record.slope_max),
        "yes" if record.kink else "no",
        record.minimised_by,
        record.noise,
    ]


class Sheet(SphinxDirective):
    """``{sheet} activations`` or ``{sheet} losses``."""

    required_arguments = 1

    def run(self):
        losses = self.arguments[0] == "losses"
        columns = LOSS_COLUMNS if losses else ACTIVATION_COLUMNS
        records = LOSSES if losses else ACTIVATIONS | GATES
        table = nodes.table(classes=["bend-sheet"])
        group = nodes.tgroup(cols=len(columns))
        table += group
        for n in range(len(columns)):
            group += nodes.colspec(colwidth=1, stub=not n)
        head, body = nodes.thead(), nodes.tbody()
        group += [head, body]
        head += nodes.row()
        for title, kind in columns:
            head[0] += nodes.entry("", nodes.paragraph(title, title), classes=[kind] * bool(kind))
        for record in records.values():
            body += self.row(record, loss_row(record) if losses else activation_row(record))
        return [table]

    def row(self, record, facts):
        root = Path(self.env.srcdir)
        row = nodes.row()
        page = uses.home(record, root)
        number = list(uses.by_chapter(root)).index(page) + 1 if page else 0
        chapter = f"\n\n{{doc}}`Chapter {number} </{page}>`" if page else ""
        label = f"sheet-{record.name.replace('_', '-')}"
        first = self.cell(f"{record.title}{chapter}")
        if record.name not in GATES:
            first.insert(1, nodes.raw("", picture(record), format="html"))
        row["ids"].append(label)
        row += first
        row += self.cell(formulas(record))
        row += [self.cell(escape(fact, quote=False)) for fact in facts]
        row += self.cell(calls(record))
        row += self.cell(record.source)
        return row

    def cell(self, text):
        entry = nodes.entry()
        self.state.nested_parse(StringList(text.splitlines(), self.env.docname), 0, entry)
        return entry


def add_files(app, pagename, templatename, context, doctree):
    if 'class="bend-sheet' in context.get("body", ""):
        app.add_css_file("sheet.css", priority=900)  # after the styles of every page
        app.add_js_file("sheet.js", defer="defer")


def setup(app):
    app.add_directive("sheet", Sheet)
    app.connect("html-page-context", add_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
