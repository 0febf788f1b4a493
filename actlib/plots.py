"""The look of the course's figures: two colours that mean something, and few lines.

Blue is always the function, vermilion (dashed) always its slope, green a third thing,
dark grey the data. The hues are those of Okabe and Ito, which colour-blind readers can
tell apart. Every helper takes the axes, draws on them and gives back what it drew; none
shows a figure or changes a global setting.
"""

import numpy as np
from cycler import cycler

FUNCTION = "#0072B2"
SLOPE = "#D55E00"
THIRD = "#009E73"
INK = "#333333"
MUTED = "#767676"
GRID = "#E5E5E5"
PAPER = "#FFFFFF"

# The one style sheet; `actlib.explore` applies it around every drawing function.
STYLE = {
    "font.size": 12,
    "axes.labelsize": 12,
    "xtick.labelsize": 12,
    "ytick.labelsize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 1.0,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 4,
    "ytick.major.size": 4,
    "xtick.major.pad": 5,
    "ytick.major.pad": 5,
    "grid.color": GRID,
    "lines.linewidth": 2.2,
    "lines.markersize": 7,
    "patch.linewidth": 0,
    "axes.prop_cycle": cycler(color=[FUNCTION, SLOPE, THIRD, INK, MUTED]),
    "axes.unicode_minus": True,
}


def plot_function(ax, x, y, label="", **style):
    """Draw a function's curve: blue and solid, with ``label`` at its right end."""
    (line,) = ax.plot(x, y, **{"color": FUNCTION, "zorder": 3, **style})
    if label:
        label_end(ax, x, y, label, color=line.get_color())
    return line


def plot_slope(ax, x, y, label="", **style):
    """Draw a slope's curve: vermilion and dashed, with ``label`` at its right end."""
    (line,) = ax.plot(x, y, **{"color": SLOPE, "linestyle": (0, (5, 2)), "zorder": 3, **style})
    if label:
        label_end(ax, x, y, label, color=line.get_color())
    return line


def label_end(ax, x, y, text, color=INK, dx=0.0, dy=6.0):
    """Write ``text`` at the last visible point of a curve, ``dx`` and ``dy`` pixels off it."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    inside = np.isfinite(y) & (x >= left) & (x <= right) & (y >= low) & (y <= high)
    last = np.flatnonzero(inside)[-1] if inside.any() else -1
    at = (x[last], np.clip(y[last], low, high) if np.isfinite(y[last]) else high)
    return ax.annotate(
        text,
        at,
        xytext=(dx, dy),
        textcoords="offset points",
        ha="right",
        va="bottom" if dy >= 0 else "top",
        color=color,
        zorder=6,
    )


def points(ax, x, y, hollow=False, color=INK, size=7, **style):
    """Draw points: filled for data, hollow for a place on a curve to look at."""
    face = PAPER if hollow else color
    (marks,) = ax.plot(
        np.atleast_1d(x),
        np.atleast_1d(y),
        "o",
        **{
            "color": color,
            "markerfacecolor": face,
            "markeredgewidth": 2.0 if hollow else 0.0,
            "markersize": size,
            "zorder": 5,
            **style,
        },
    )
    return marks


def axes_through_zero(ax):
    """Draw the lines x = 0 and y = 0, thin and behind everything."""
    return (
        ax.axhline(0, color=GRID, linewidth=1.0, zorder=0),
        ax.axvline(0, color=GRID, linewidth=1.0, zorder=0),
    )


def decades(axis, values):
    """Put ticks at ``values`` on an axis that shows log10 of them.

    ``axis`` is ``ax.xaxis`` or ``ax.yaxis``; what is drawn along it are logarithms, base 10.
    Powers of ten below 0.001 and above 1000 are written as 10⁻⁴, 10⁴; all else as it is.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> decades(ax.yaxis, [1e-6, 1e-3, 0.3, 1])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['10⁻⁶', '0.001', '0.3', '1']
    """
    values = np.asarray(values, float)
    axis.set_ticks(np.log10(values), [_decade(value) for value in values])


def _decade(value):
    power = int(np.rint(np.log10(value)))
    if -3 <= power <= 3 or not np.isclose(value, 10.0**power):
        return f"{value:g}"
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
