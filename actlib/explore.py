"""Figures with sliders that work everywhere: in a notebook, on a page, offline, on paper.

``explore`` calls a drawing function once for every position of its sliders and keeps the
pictures. The object it returns shows them in two ways: with real ipywidgets where somebody
sits at a kernel, and everywhere else as HTML with native sliders and the pictures inside.
As every position is drawn whenever the cell runs, none of them can be broken unnoticed.

``figure`` is the same without sliders.
"""

import hashlib
import inspect
import itertools
import json
import math
import time
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.spines import Spine
from matplotlib.ticker import MaxNLocator

from actlib import plots
from actlib._svg import Canvas

MAX_POSITIONS = 200
_SIZES = {1: (520, 300), 2: (350, 290), 3: (250, 240)}  # one panel, in pixels, by their number
_MARGINS = {"left": 46, "right": 14, "bottom": 44, "top": 30}


def explore(
    draw,
    *,
    question="",
    describe=None,
    panels=1,
    start=None,
    labels=None,
    play=None,
    height=None,
    **choices,
):
    """Draw a figure at every combination of choices, and give it a slider for each of them.

    Parameters
    ----------
    draw : callable
        ``draw(ax, name=value, ...)``, or ``draw(left, right, name=value, ...)`` with
        ``panels=2``. It adds artists to the axes it is given and sets limits and labels;
        what it added is taken away again before the next position. It is called once for
        every position, so let it look up results, not compute them.
    question : str
        One line above the figure: what the reader should find out with the sliders.
    describe : callable, optional
        ``describe(name=value, ...)`` returns the sentence under the figure, which says what
        is to be seen at that position. Screen readers speak it.
    panels : int
        How many panels, 1 to 3, side by side (on a phone, one above the other).
    start : dict, optional
        The first position, ``{name: value}``. Without it, each slider begins at its first value.
    labels : dict, optional
        The text beside a slider, ``{name: "α, slope below zero"}``.
    play : str, optional
        The name of a choice that gets a play button.
    height : int, optional
        Height of a panel in pixels (one panel is 520 wide, each of two 350, of three 250).
    **choices
        ``name=values``. Numbers (a list, a range, an array) give a slider, texts give radio
        buttons, a mapping of text to value gives either, with the texts shown as values.

    Returns
    -------
    Explorer
        Shows itself when it is the last value of a cell.

    Raises
    ------
    TypeError, ValueError
        At once, with what is wrong, for a call that cannot work: no choices, an empty one,
        more than 200 positions, a drawing function that takes other names.
    """
    pictures = _Pictures(panels, height)
    dials = [_Dial(name, values, labels or {}) for name, values in choices.items()]
    _check_call(draw, describe, dials, panels, start or {}, labels or {}, play)
    positions = list(itertools.product(*(range(len(dial.values)) for dial in dials)))
    first = positions.index(tuple(dial.index_of((start or {}).get(dial.name)) for dial in dials))
    sentences = []
    with _Progress(len(positions)) as progress:
        for position in positions:
            chosen = {d.name: d.values[i] for d, i in zip(dials, position, strict=True)}
            try:
                pictures.add(draw, chosen)
                sentence = describe(**chosen) if describe else _plain_sentence(dials, position)
            except Exception as error:
                where = ", ".join(f"{name}={value!r}" for name, value in chosen.items())
                error.add_note(f"explore: this happened at the position {where}")
                raise
            sentences.append(_check_sentence(sentence, "describe"))
            progress.step()
    return Explorer(pictures, sentences, question, dials, first, play)


def figure(draw, description, *, panels=1, height=None):
    """Draw a figure once, in the look of the explorers.

    Parameters
    ----------
    draw : callable
        ``draw(ax)``, or ``draw(left, right)`` with ``panels=2``.
    description : str
        The sentence under the figure: what is to be seen. It is also its text alternative.
    panels, height
        As in `explore`.
    """
    _check_sentence(description, "description")
    _check_draw(draw, [], panels)
    pictures = _Pictures(panels, height)
    pictures.add(draw, {})
    return Explorer(pictures, [description], "", [], 0, None)


class Explorer:
    """The pictures of one figure, and how to move between them.

    Attributes
    ----------
    sentences : list of str
        What is to be seen at each position, in the order of `positions`.
    positions : list of dict
        The choices of each position.
    """

    def __init__(self, pictures, sentences, question, dials, first, play):
        self._pictures, self._question = pictures, question
        self._dials, self._first, self._play = dials, first, play
        self.sentences = sentences
        self.positions = [
            {d.name: v for d, v in zip(dials, values, strict=True)}
            for values in itertools.product(*(dial.values for dial in dials))
        ]

    def __repr__(self):
        return self.sentences[self._first]

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self), "text/html": self.to_html()}
        if self._dials and _somebody_is_there():
            bundle.update(self._widget()._repr_mimebundle_())
            bundle["text/html"] = self.to_html()
        return bundle

    def to_html(self):
        """The whole explorer as HTML that needs no kernel, no network and no other file."""
        if not self._dials:
            return (
                f"{_style()}<figure class='btl btl-{self._pictures.panels}'>{self._picture(0)}"
                f"<figcaption class='btl-say'>{escape(self.sentences[0])}</figcaption></figure>"
            )
        data = {
            "parts": self._pictures.parts,
            "frames": self._pictures.frames,
            "say": self.sentences,
            "values": [dial.texts for dial in self._dials],
        }
        if self._play:
            data["play"] = [dial.name for dial in self._dials].index(self._play)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        return (
            f"{_style()}<bend-explorer class='btl btl-{self._pictures.panels}'>"
            f"{self._picture(self._first)}"
            f"<div class='btl-controls' hidden>{self._controls()}</div>"
            f"{self._sentence(self._first)}"
            "<noscript><p><small>The sliders of this figure need JavaScript; "
            "this is their first position.</small></p></noscript>"
            f"<script type='application/json'>{text}</script></bend-explorer>"
            f"<script>{_asset('explorer.js')}</script>"
        )

    def _picture(self, index):
        """Question and picture of one position."""
        question = f"<p class='btl-question'>{escape(self._question)}</p>" if self._question else ""
        sentence = escape(self.sentences[index])
        return (
            f"{question}<div class='btl-figure' role='img' aria-label=\"{sentence}\">"
            f"{self._pictures.svg(index)}</div>"
        )

    def _sentence(self, index):
        """The sentence of one position, in a box as high as the longest of them needs."""
        # A shorter sentence can wrap into one line more, so there is room for a few words more.
        longest = escape(max(self.sentences, key=len)) + " – – – – – –"
        return (
            f"<p class='btl-say' data-longest=\"{longest}\">"
            f"<span role='status'>{escape(self.sentences[index])}</span></p>"
        )

    def _controls(self):
        start = np.unravel_index(self._first, [len(dial.values) for dial in self._dials])
        rows = [
            dial.to_html(int(at), self._pictures.digest())
            for dial, at in zip(self._dials, start, strict=True)
        ]
        if self._play:
            rows.append("<button type='button' class='btl-play'>▶ Play</button>")
        return "".join(rows)

    def _widget(self):
        """The same pictures behind real ipywidgets."""
        import ipywidgets as widgets

        shape = [len(dial.values) for dial in self._dials]
        start = np.unravel_index(self._first, shape)
        controls = [dial.to_widget(int(at)) for dial, at in zip(self._dials, start, strict=True)]
        picture, sentence = widgets.HTML(), widgets.HTML()
        box = "<div class='btl btl-{}'>{}</div>"

        def show(_=None):
            index = int(np.ravel_multi_index([control.index for control in controls], shape))
            picture.value = _style() + box.format(self._pictures.panels, self._picture(index))
            sentence.value = box.format(self._pictures.panels, self._sentence(index))

        for control in controls:
            control.observe(show, "index")
        show()
        children = [picture, *controls]
        if self._play:
            children.append(self._play_widget(widgets, controls))
        return widgets.VBox([*children, sentence])

    def _play_widget(self, widgets, controls):
        slider = controls[[dial.name for dial in self._dials].index(self._play)]
        count = len(slider.options)
        play = widgets.Play(
            min=0, max=count - 1, value=slider.index, interval=max(80, min(500, 6000 // count))
        )
        widgets.link((play, "value"), (slider, "index"))
        return play


class _Pictures:
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
            self._axes = [self._new_axes() for _ in range(panels)]
        self._fixed = [set(ax.get_children()) for ax in self._axes]

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
            for ax, fixed in zip(self._axes, self._fixed, strict=True):
                self._clear(ax, fixed)
            draw(*self._axes, **chosen)
            self.frames.append([self._panel(i) for i in range(self.panels)])

    @staticmethod
    def _clear(ax, fixed):
        for artist in ax.get_children():
            if artist not in fixed:
                artist.remove()
        ax.relim()
        ax.set_prop_cycle(None)

    def _panel(self, i):
        ax = self._axes[i]
        ax.autoscale_view()  # matplotlib leaves limits that nobody set until an axes is drawn
        ax.apply_aspect()
        canvas = self._canvas(i)
        moving = [a for a in ax.get_children() if a not in self._fixed[i] and a.get_visible()]
        for artist in sorted(moving, key=lambda a: a.get_zorder()):
            artist.draw(canvas)
        return [self._keep(self._axes_part(i)), *map(self._keep, canvas.elements)]

    def _axes_part(self, i):
        """Spines, ticks and labels as one string, drawn anew only when they have changed."""
        ax = self._axes[i]
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
            box = self._axes[i].bbox
            name = self._clip_id(i)
            pictures.append(
                f"<svg viewBox='0 0 {width} {height}' aria-hidden='true'>"
                f"<clipPath id='{name}'><rect x='{box.x0:.1f}' y='{height - box.y1:.1f}' "
                f"width='{box.width:.1f}' height='{box.height:.1f}'/></clipPath>"
                f"<g>{self.parts[axes]}</g><g>{''.join(self.parts[p] for p in parts)}</g></svg>"
            )
        return "".join(pictures)


class _Dial:
    """One choice: its values, the texts shown for them, and its control."""

    def __init__(self, name, values, labels):
        self.name, self.label = name, labels.get(name, name)
        if isinstance(values, Mapping):
            self.texts, self.values = [str(key) for key in values], list(values.values())
        elif isinstance(values, str) or not hasattr(values, "__iter__"):
            raise TypeError(
                f"explore: the choice {name} must be a list, a range, an array or a "
                f"mapping of values, got {values!r}"
            )
        else:
            self.values = [v.item() if isinstance(v, np.generic) else v for v in values]
            self.texts = _texts(self.values)
        if not self.values:
            raise ValueError(f"explore: the choice {name} is empty; give it at least one value")
        self.is_slider = not isinstance(values, Mapping) and not any(
            isinstance(v, str) for v in self.values
        )
        if isinstance(values, Mapping):
            self.is_slider = len(self.values) > 5

    def index_of(self, value):
        if value is None:
            return 0
        for i, known in enumerate(self.values):
            if known == value or (isinstance(known, float) and math.isclose(known, value)):
                return i
        raise ValueError(
            f"explore: start puts {self.name} at {value!r}, which is not one of its "
            f"values {self.values!r}"
        )

    def to_html(self, at, digest):
        label = escape(self.label)
        if self.is_slider:
            text = escape(self.texts[at])
            return (
                f"<label class='btl-slider'><span>{label}</span><output>{text}</output>"
                f"<input type='range' data-choice min='0' max='{len(self.values) - 1}' "
                f"value='{at}' step='1' autocomplete='off' aria-label=\"{label}\" "
                f'aria-valuetext="{text}"></label>'
            )
        radios = "".join(
            f"<label><input type='radio' name='btl-{digest}-{self.name}' autocomplete='off'"
            f"{' checked' if i == at else ''}>{escape(text)}</label>"
            for i, text in enumerate(self.texts)
        )
        return (
            f"<fieldset class='btl-radios' data-choice><legend>{label}</legend>{radios}</fieldset>"
        )

    def to_widget(self, at):
        import ipywidgets as widgets

        kind = widgets.SelectionSlider if self.is_slider else widgets.RadioButtons
        options = list(zip(self.texts, range(len(self.texts)), strict=True))
        return kind(
            options=options,
            index=at,
            description=self.label,
            style={"description_width": "initial"},
            layout={"width": "auto"},
        )


class _Progress:
    """A progress bar in a live notebook, once drawing has taken more than a second."""

    def __init__(self, total):
        self._total, self._done, self._bar = total, 0, None
        self._began = time.monotonic()

    def __enter__(self):
        return self

    def step(self):
        self._done += 1
        if self._bar is not None:
            self._bar.value = self._done
        elif time.monotonic() - self._began > 1 and _somebody_is_there():
            import ipywidgets as widgets
            from IPython.display import display

            self._bar = widgets.IntProgress(self._done, 0, self._total, description="Drawing")
            display(self._bar)

    def __exit__(self, *_):
        if self._bar is not None:
            self._bar.close()


def _somebody_is_there():
    """True where a person at a kernel can answer, so that widgets make sense.

    Programs that execute notebooks (Jupyter Book, nbconvert, nbval) tell the kernel that
    nobody will answer; what they write must work without a kernel.
    """
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", False))


def _check_call(draw, describe, dials, panels, start, labels, play):
    if not dials:
        raise ValueError(
            "explore: give at least one choice, such as alpha=[0.1, 0.2]; "
            "for a figure without sliders use figure(draw, description)"
        )
    names = [dial.name for dial in dials]
    _check_draw(draw, names, panels)
    if describe is not None:
        _check_names("describe", describe, names, extra=0)
    count = math.prod(len(dial.values) for dial in dials)
    if count > MAX_POSITIONS:
        sizes = " x ".join(f"{len(dial.values)} of {dial.name}" for dial in dials)
        raise ValueError(
            f"explore: {sizes} make {count} positions, and at most {MAX_POSITIONS} "
            "can be drawn; take fewer values"
        )
    for what, given in (("start", start), ("labels", labels), ("play", [play] if play else [])):
        for name in given:
            if name not in names:
                raise ValueError(
                    f"explore: {what} names {name!r}, but the choices are {', '.join(names)}"
                )
    if play and not dials[names.index(play)].is_slider:
        raise ValueError(f"explore: play needs a slider, and {play} has radio buttons")


def _check_draw(draw, names, panels):
    _check_names("draw", draw, names, extra=panels)


def _check_names(what, function, names, extra):
    """Refuse a function whose parameters are not ``extra`` axes followed by ``names``."""
    if not callable(function):
        raise TypeError(f"explore: {what} must be a function, got {function!r}")
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # a function written in C, such as "α = {alpha}".format
        return
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return
    axes = ["ax"] if extra == 1 else [f"ax{i + 1}" for i in range(extra)]
    taken = [p.name for p in parameters]
    needed = [p.name for p in parameters if p.default is p.empty]
    if (
        len(taken) < extra
        or any(n not in taken[extra:] for n in names)
        or any(n not in names for n in needed[extra:])
    ):
        wanted = ", ".join(axes + names)
        raise TypeError(
            f"explore: {what} must take ({wanted}), "
            f"but {getattr(function, '__name__', what)} takes ({', '.join(taken)})"
        )


def _check_sentence(sentence, what):
    if not isinstance(sentence, str) or not sentence.strip():
        raise ValueError(
            f"explore: {what} must give a sentence that says what is to be seen, got {sentence!r}"
        )
    return sentence


def _plain_sentence(dials, position):
    return ", ".join(f"{d.label} = {d.texts[i]}" for d, i in zip(dials, position, strict=True))


def _texts(values):
    """Values as texts of equal precision, with a true minus sign."""
    if all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        decimals = 0
        if any(isinstance(v, float) for v in values):
            shortest = [f"{v:.4g}" for v in values]
            if any("e" in text for text in shortest):
                return [text.replace("-", "−") for text in shortest]
            decimals = max(len(text.partition(".")[2]) for text in shortest)
        return [f"{v:.{decimals}f}".replace("-", "−") for v in values]
    return [str(v) for v in values]


@cache
def _asset(name):
    return (Path(__file__).parent / name).read_text(encoding="utf-8").strip()


def _style():
    return f"<style>{_asset('explorer.css')}</style>"
