"""What an explorer refuses: calls that cannot work, and pictures and sentences that are broken.

What is drawn and said is looked at in every position, so that whoever writes a figure hears
at once of a curve that is not there. What is meant can be allowed by name, see `ALLOWED`.
"""

import inspect
import itertools
import math
import re

import numpy as np

MAX_POSITIONS = 200
ALLOWED = {
    "nan": "a sentence with nan or inf, a curve with more NaN than the gap of a jump",
    "fewer": "fewer curves than in the positions beside it",
    "empty": "an empty panel",
}
_NOT_A_NUMBER = re.compile(r"\b(nan|NaN|inf|Infinity)\b")


# ---- the call --------------------------------------------------------------------------


def check_call(draw, functions, choices, panels, named, autoplay, allow):
    """``functions`` take the choices; ``named`` are the options that name choices."""
    if not choices:
        raise ValueError(
            "explore: give at least one choice, such as alpha=[0.1, 0.2]; "
            "for a figure without sliders use figure(draw, description)"
        )
    names = [choice.name for choice in choices]
    check_takes("draw", draw, names, panels)
    for what, function in functions.items():
        if function is not None:
            check_takes(what, function, names, 0)
    check_allow(allow)
    count = math.prod(len(choice.values) for choice in choices)
    if count > MAX_POSITIONS:
        sizes = " x ".join(f"{len(choice.values)} of {choice.name}" for choice in choices)
        raise ValueError(
            f"explore: {sizes} make {count} positions, and at most {MAX_POSITIONS} "
            "can be drawn; take fewer values"
        )
    for what, given in named.items():
        for name in given:
            _check_name(what, name, choices)
    for name in named["play"]:
        if not choices[names.index(name)].is_slider:
            raise ValueError(f"explore: play needs a slider, and {name} has radio buttons")
    if autoplay and not named["play"]:
        raise ValueError("explore: autoplay needs play, which says what plays")


def _check_name(what, name, choices):
    names = [choice.name for choice in choices]
    if name not in names:
        raise ValueError(f"explore: {what} names {name!r}, but the choices are {', '.join(names)}")


def check_handle(moved, panel, place, choices, panels):
    """``place`` is a function, or None where the values are the places."""
    for name in moved:
        _check_name("drag", name, choices)
    for choice in choices:
        if place is None and choice.name in moved and not np.isreal(choice.values).all():
            raise ValueError(f"explore: {choice.name} of drag has values that are no places")
    if panel not in range(1, panels + 1):
        raise ValueError(
            f"explore: drag takes a panel from 1 to {panels} or a place, got {panel!r}"
        )
    if place is not None:
        check_takes("drag", place, [choice.name for choice in choices], 0)


def check_goal(reached, first):
    """Refuse a goal that nobody can reach, or that is reached before anybody looks for it."""
    if not reached:
        raise ValueError("explore: goal is reached at no position")
    if first in reached:
        raise ValueError("explore: goal is reached at the first position already, see start")


def check_allow(allow):
    if isinstance(allow, str):
        raise TypeError(f"explore: allow takes a list of names, got {allow!r}")
    for name in allow:
        if name not in ALLOWED:
            known = "; ".join(f"{name!r} ({meaning})" for name, meaning in ALLOWED.items())
            raise ValueError(f"explore: allow takes {known}; got {name!r}")


def check_takes(what, function, names, panels):
    """Refuse a function whose parameters are not ``panels`` axes followed by ``names``."""
    if not callable(function):
        raise TypeError(f"explore: {what} must be a function, got {function!r}")
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # a function written in C, such as "α = {alpha}".format
        return
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return
    axes = ["ax"] if panels == 1 else [f"ax{i + 1}" for i in range(panels)]
    taken = [p.name for p in parameters]
    needed = [p.name for p in parameters if p.default is p.empty]
    if (
        len(taken) < panels
        or any(n not in taken[panels:] for n in names)
        or any(n not in names for n in needed[panels:])
    ):
        wanted = ", ".join(axes + names)
        raise TypeError(
            f"explore: {what} must take ({wanted}), "
            f"but {getattr(function, '__name__', what)} takes ({', '.join(taken)})"
        )


# ---- one position ----------------------------------------------------------------------


def said(describe, chosen):
    """What ``describe`` says of one position."""
    try:
        return describe(**chosen)
    except LookupError as error:
        if not isinstance(getattr(describe, "__self__", None), str):
            raise
        raise TypeError(
            f"explore: the text {describe.__self__!r} has a place for {error}, but its places "
            f"must have the names of the choices: {{{'}, {'.join(chosen)}}}"
        ) from None


def check_sentence(sentence, what, allow=()):
    if not isinstance(sentence, str) or not sentence.strip():
        raise ValueError(
            f"explore: {what} must give a sentence that says what is to be seen, got {sentence!r}"
        )
    found = _NOT_A_NUMBER.search(sentence)
    if found and "nan" not in allow:
        raise _broken(f"{what} says {found[0]} in {sentence!r}", "nan")
    return sentence


def check_panel(ax, number, is_empty, allow=()):
    """Refuse a panel that shows nothing, and NaN in a curve that is more than a gap.

    One NaN between two points is how a jump is drawn, so it is let pass.
    """
    if is_empty and "empty" not in allow:
        raise _broken(f"panel {number} is empty", "empty")
    for line in ax.lines:
        missing = ~_seen(line)
        if missing.size and "nan" not in allow:
            if missing.all():
                raise _broken(f"a curve of panel {number} holds nothing but NaN", "nan")
            if missing[[0, -1]].any() or (missing[1:] & missing[:-1]).any():
                raise _broken(f"a curve of panel {number} has {missing.sum()} points of NaN", "nan")


def curves(ax):
    """How many curves a panel shows."""
    return sum(_seen(line).sum() > 1 for line in ax.lines)


def _broken(what, name):
    return ValueError(f"explore: {what}; if that is meant, say so with allow=[{name!r}]")


def _seen(line):
    """Which points of a line have a place."""
    return np.isfinite(line.get_xydata()).all(axis=-1)


# ---- all positions ---------------------------------------------------------------------


def check_neighbours(counts, choices, allow=()):
    """Refuse a position with fewer curves than the positions beside it.

    ``counts`` (positions, panels) are the curves of each panel. A slider that adds curves as
    it moves, or takes them away, is fine; a gap is not.
    """
    if "fewer" in allow:
        return
    shape = [len(choice.values) for choice in choices]
    counts = np.reshape(counts, (*shape, -1))
    for place in itertools.product(*map(range, shape)):
        for axis, choice in enumerate(choices):
            if not choice.is_slider:
                continue
            beside = [
                counts[(*place[:axis], place[axis] + step, *place[axis + 1 :])]
                for step in (-1, 1)
                if 0 <= place[axis] + step < shape[axis]
            ]
            if len(beside) == 2 and np.any(counts[place] < np.minimum(*beside)):
                where = ", ".join(f"{c.name}={c.values[i]!r}" for c, i in zip(choices, place))
                raise _broken(f"fewer curves at {where} than beside it", "fewer")
