"""Figures with sliders that work everywhere: in a notebook, on a page, offline, on paper.

``explore`` calls a drawing function once for every position of its sliders and keeps the
pictures. The object it returns shows them in two ways: with real ipywidgets where somebody
sits at a kernel, and everywhere else as HTML with native sliders and the pictures inside.
As every position is drawn whenever the cell runs, none of them can be broken unnoticed.

``figure`` is the same without sliders.
"""

import itertools

import numpy as np

from actlib.explore import checks, html, widgets
from actlib.explore.choices import Choice, true_minus
from actlib.explore.drag import Handles
from actlib.explore.pictures import Pictures


def explore(
    draw,
    *,
    question="",
    describe=None,
    panels=1,
    start=None,
    labels=None,
    play=None,
    autoplay=False,
    goal=None,
    drag=None,
    height=None,
    allow=(),
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
        is to be seen at that position. Screen readers speak it. A hyphen that means minus, in
        whatever the reader sees, is shown as the minus sign −.
    panels : int
        How many panels, 1 to 3, side by side (on a phone, one above the other).
    start : dict, optional
        The first position, ``{name: value}``. Without it, each slider begins at its first value.
    labels : dict, optional
        The text beside a slider, ``{name: "α, slope below zero"}``.
    play : str, optional
        The name of a choice that gets a play button.
    autoplay : bool
        Whether it plays once by itself when the page opens (not with reduced motion).
    goal : callable, optional
        ``goal(name=value, ...)`` says whether a position is what the question asks to find;
        its sentence then ends in "Found.", so `describe` need not say it. The first position
        must not be one of them.
    drag : str, tuple, dict, optional
        What a pointer can drag in the figure, on the page. ``"x"``: a choice whose values are
        places on the x-axis. ``("x", "y")``: two choices, places on both axes. ``{"x": 2}``:
        the same in panel 2 (a panel with the same x-axis can be dragged in as well).
        ``{"x": place}``: ``place(name=value, ...)`` gives the point (x, y) of panel 1 that
        moves with the choice; a None in it means that this coordinate does not count.
    height : int, optional
        Height of a panel in pixels (one panel is 520 wide, each of two 350, of three 250).
    allow : list of str
        What is refused unless it is named here: "nan" (a sentence with nan or inf, a curve
        with more NaN than the gap of a jump), "fewer" (a position with fewer curves than those
        beside it), "empty" (a panel that shows nothing).
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
    start, labels = start or {}, labels or {}
    pictures = Pictures(panels, height)
    choices = [Choice(name, values, labels) for name, values in choices.items()]
    functions = {"describe": describe, "goal": goal}
    named = {"start": start, "labels": labels, "play": [play] if play else []}
    checks.check_call(draw, functions, choices, panels, named, autoplay, allow)
    handles = Handles(drag or {}, choices, panels)
    start = [choice.index_of(start.get(choice.name)) for choice in choices]
    explorer = Explorer(pictures, choices, start, true_minus(question))
    reached, curves = [], []
    with widgets.Progress(len(explorer.positions)) as progress:
        for index, chosen in enumerate(explorer.positions):
            try:
                _draw(pictures, draw, chosen, allow)
                handles.add(pictures, chosen)
                sentence = checks.said(describe, chosen) if describe else _plain(choices, chosen)
                checks.check_sentence(sentence, "describe", allow)
                if goal and goal(**chosen):
                    reached.append(index)
                    sentence += " Found."
            except Exception as error:
                where = ", ".join(f"{name}={value!r}" for name, value in chosen.items())
                error.add_note(f"explore: this happened at the position {where}")
                raise
            curves.append([checks.curves(ax) for ax in pictures.axes])
            explorer.sentences.append(true_minus(sentence))
            progress.step()
    checks.check_neighbours(curves, choices, allow)
    if goal:
        checks.check_goal(reached, explorer.first)
        explorer.options["goal"] = reached
    if play:
        explorer.options["play"] = list(explorer.positions[0]).index(play)
        explorer.options["autoplay"] = bool(autoplay)
    if drag:
        explorer.options["drag"] = handles.handles
    return explorer


def figure(draw, description, *, panels=1, height=None, allow=()):
    """Draw a figure once, in the look of the explorers.

    Parameters
    ----------
    draw : callable
        ``draw(ax)``, or ``draw(left, right)`` with ``panels=2``.
    description : str
        The sentence under the figure: what is to be seen. It is also its text alternative.
    panels, height, allow
        As in `explore`.
    """
    checks.check_sentence(description, "description", allow)
    checks.check_takes("draw", draw, [], panels)
    checks.check_allow(allow)
    explorer = Explorer(Pictures(panels, height), [], [], "")
    _draw(explorer.pictures, draw, {}, allow)
    explorer.sentences.append(true_minus(description))
    return explorer


def _draw(pictures, draw, chosen, allow):
    """Draw one position and look at what came of it."""
    pictures.add(draw, chosen)
    for i, ax in enumerate(pictures.axes):
        checks.check_panel(ax, i + 1, pictures.is_empty(i), allow)


def _plain(choices, chosen):
    texts = (c.texts[c.index_of(chosen[c.name])] for c in choices)
    return ", ".join(f"{c.label} = {text}" for c, text in zip(choices, texts, strict=True))


class Explorer:
    """The pictures of one figure, and how to move between them.

    Attributes
    ----------
    sentences : list of str
        What is to be seen at each position, in the order of `positions`.
    positions : list of dict
        The choices of each position.
    """

    def __init__(self, pictures, choices, start, question):
        self.pictures, self.choices, self.start = pictures, choices, start
        self.question, self.options = question, {}
        self.sentences = []
        self.positions = [
            dict(zip((choice.name for choice in choices), values, strict=True))
            for values in itertools.product(*(choice.values for choice in choices))
        ]
        self.shape = [len(choice.values) for choice in choices]
        self.first = int(np.ravel_multi_index(start, self.shape)) if choices else 0

    def __repr__(self):
        return self.sentences[self.first]

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = {"text/plain": repr(self), "text/html": self.to_html()}
        if self.choices and widgets.somebody_is_there():
            bundle.update(widgets.box(self)._repr_mimebundle_())
            bundle["text/html"] = self.to_html()
        return bundle

    def to_html(self):
        """The whole figure as HTML that needs no kernel, no network and no other file."""
        return html.sliding(self) if self.choices else html.still(self.pictures, self.sentences[0])
