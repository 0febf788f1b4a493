"""The pictures of a figure: each panel drawn at every position, each SVG element kept once."""

import hashlib
from functools import cache

import matplotlib as mpl
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.spines import Spine
from matplotlib.ticker import MaxNLocator

from actlib import plots
from actlib.explore.canvas import Canvas

_SIZES = {1: (520, 300), 2: (350, 290), 3: (250, 240)}  # one panel, in pixels, by their number
_MARGINS = {"left": 46, "right": 14, "bottom": 44, "top": 30}


class Pictures:
    """Draws the panels of a figure over and over, and keeps each SVG element once."""

    def __init__(self, panels, height):
        if panels not in _SIZES:
            raise ValueError(f"panels must be 1, 2 or 3, got {panels!r}")
        self.panels = panels
        width, usual = _SIZES[panels]
        self._size = (width, int(height or usual))
        self.parts, self.frames = [], []
        self._index, self._axes_seen = {}, {}
        with mpl.rc_context(plots.STYLE):
            self.axes = [self._new_axes() for _ in range(panels)]
        self._fixed = [set(ax.get_children()) for ax in self.axes]

    def _new_axes(self):
        width, height = self._size
        m = _MARGINS
        page = Figure(figsize=(width / 72, height / 72), dpi=72)
        ax = page.add_axes(
            [
                m["left"] / width,
                m["bottom"] / height,
                1 - (m["left"] + m["right"]) / width,
                1 - (m["bottom"] + m["top"]) / height,
            ]
        )
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], min_n_ticks=3))
        return ax

    def add(self, draw, chosen):
        """Draw one position and keep its elements."""
        with mpl.rc_context(plots.STYLE):
            for ax, fixed in zip(self.axes, self._fixed, strict=True):
                self._clear(ax, fixed)
            draw(*self.axes, **chosen)
            self.frames.append([self._panel(i) for i in range(self.panels)])

    def is_empty(self, i):
        """Whether panel ``i`` shows nothing at all at the last position."""
        return not any(self.parts[part] for part in self.frames[-1][i])

    def pixels(self, i, x, y):
        """Where a point of panel ``i`` is in its picture; either coordinate may be None."""
        right, up = self.axes[i].transData.transform([c or 0 for c in (x, y)])
        down = self._size[1] - up
        return [None if x is None else round(right, 1), None if y is None else round(down, 1)]

    def alike(self, i, with_y):
        """The panels with the x-axis of panel ``i``, or with both its axes."""

        def limits(ax):
            return ax.get_xlim(), with_y and ax.get_ylim()

        return [j for j, ax in enumerate(self.axes) if limits(ax) == limits(self.axes[i])]

    @staticmethod
    def _clear(ax, fixed):
        for artist in ax.get_children():
            if artist not in fixed:
                artist.remove()
        ax.relim()
        ax.set_prop_cycle(None)

    def _panel(self, i):
        ax = self.axes[i]
        ax.autoscale_view()  # matplotlib leaves limits that nobody set until an axes is drawn
        ax.apply_aspect()
        canvas = self._canvas(i)
        moving = [a for a in ax.get_children() if a not in self._fixed[i] and a.get_visible()]
        for artist in sorted(moving, key=lambda a: a.get_zorder()):
            artist.draw(canvas)
        return [self._keep(self._axes_part(i)), *map(self._keep, canvas.elements)]

    def _axes_part(self, i):
        """Spines, ticks and labels as one string, drawn anew only when they have changed."""
        ax = self.axes[i]
        state = (
            i,
            ax.axison,
            ax.get_position().bounds,
            *(
                (
                    tuple(axis.get_view_interval()),
                    axis.get_scale(),
                    axis.get_label_text(),
                    axis.get_visible(),
                    tuple(axis.get_majorticklocs()),
                    tuple(getattr(axis.get_major_formatter(), "seq", ())),
                )
                for axis in (ax.xaxis, ax.yaxis)
            ),
        )
        if state not in self._axes_seen:
            ax.yaxis.label.set(rotation=0, ha="left", va="bottom")
            ax.yaxis.set_label_coords(
                -(_MARGINS["left"] - 6) / ax.bbox.width, 1 + 10 / ax.bbox.height
            )
            canvas = self._canvas(i)
            if ax.axison:
                for artist in ax.get_children():  # a set has no order that two runs share
                    if isinstance(artist, Axis | Spine) and artist.get_visible():
                        artist.draw(canvas)
            self._axes_seen[state] = "".join(canvas.elements)
        return self._axes_seen[state]

    def _canvas(self, i):
        return Canvas(*self._size, clip_id=self._clip_id(i))

    def _clip_id(self, i):
        # The same name means the same rectangle, so figures of one shape may share it.
        return f"btl-clip-{self.panels}{i}-{self._size[1]}"

    def _keep(self, part):
        """The number of ``part`` in the list of parts, where each stands once."""
        if part not in self._index:
            self._index[part] = len(self.parts)
            self.parts.append(part)
        return self._index[part]

    @cache  # noqa: B019 - lives as long as the figure does
    def digest(self):
        """A short name, the same for the same pictures."""
        return hashlib.sha256("".join(self.parts).encode()).hexdigest()[:8]

    def svg(self, index):
        """The panels of one position."""
        width, height = self._size
        pictures = []
        for i, (axes, *parts) in enumerate(self.frames[index]):
            box = self.axes[i].bbox
            name = self._clip_id(i)
            pictures.append(
                f"<svg viewBox='0 0 {width} {height}' aria-hidden='true'>"
                f"<clipPath id='{name}'><rect x='{box.x0:.1f}' y='{height - box.y1:.1f}' "
                f"width='{box.width:.1f}' height='{box.height:.1f}'/></clipPath>"
                f"<g>{self.parts[axes]}</g><g>{''.join(self.parts[p] for p in parts)}</g></svg>"
            )
        return "".join(pictures)
