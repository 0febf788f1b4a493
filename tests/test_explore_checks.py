"""What explorers refuse, and in which words."""

import numpy as np
import pytest

from actlib.explore import explore, figure
from tests.test_explore import line, pair


def test_a_broken_position_is_named():
    def draw(ax, a):
        return 1 / a

    with pytest.raises(ZeroDivisionError) as caught:
        explore(draw, a=[2, 1, 0])
    assert "a=0" in caught.value.__notes__[0]


def curves(**at):
    """A drawing function: two curves, but at each of the given positions another one's work."""

    def draw(ax, a):
        line(ax, a)
        at.get(f"at{a}", lambda ax: ax.plot([0, 0.5, 1], [0, 0, 1]))(ax)

    return draw


def nothing(ax):
    pass


def all_nan(ax):
    ax.plot([0, 0.5, 1], np.full(3, np.nan))


def lost(*at):
    y = np.zeros(7)
    y[list(at)] = np.nan
    return lambda ax: ax.plot(np.arange(7), y)


def off(ax, a):
    ax.axis("off")
    if a != 1:
        ax.text(0, 0, "here")


BROKEN = [
    ("fewer", curves(at1=nothing), "fewer curves at a=1"),
    ("fewer", curves(at1=lost(2), at2=nothing, at3=lost(2)), "fewer curves at a=2"),
    ("nan", curves(at4=all_nan), "a curve of panel 1 holds nothing but NaN"),
    ("nan", curves(at3=lost(0)), "a curve of panel 1 has 1 points of NaN"),
    ("nan", curves(at3=lost(-1)), "a curve of panel 1 has 1 points of NaN"),
    ("nan", curves(at3=lost(2, 3)), "a curve of panel 1 has 2 points of NaN"),
    ("empty", off, "panel 1 is empty"),
]


@pytest.mark.parametrize(("allow", "draw", "says"), BROKEN)
def test_a_broken_picture_is_refused_and_can_be_allowed(allow, draw, says):
    with pytest.raises(ValueError) as caught:
        explore(draw, a=range(5))
    assert says in str(caught.value) and f"allow=['{allow}']" in str(caught.value)
    explore(draw, a=range(5), allow=[allow])


@pytest.mark.parametrize("sentence", ["It is nan.", "At -inf.", "None of it is NaN."])
def test_a_sentence_that_says_nan_is_refused_and_can_be_allowed(sentence):
    def describe(a):
        return sentence if a else "It is infinite, or nano, and none of it an info. None."

    with pytest.raises(ValueError, match="describe says") as caught:
        explore(line, describe=describe, a=[0, 1])
    assert "a=1" in caught.value.__notes__[0]
    explore(line, describe=describe, a=[0, 1], allow=["nan"])
    with pytest.raises(ValueError, match="description says"):
        figure(lambda ax: None, sentence)
    figure(lambda ax: None, sentence, allow=["nan"])


def test_a_figure_is_looked_at_too():
    with pytest.raises(ValueError, match="nothing but NaN"):
        figure(all_nan, "A curve.")


def test_curves_may_come_and_go_and_jump():
    explore(curves(at0=nothing, at1=nothing), a=range(5))
    explore(curves(at3=nothing, at4=nothing), a=range(5))
    explore(curves(at1=lost(2), at2=lost(2, 4)), a=range(5))


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (
            lambda: explore(line, a=[1], describe="{b}".format),
            TypeError,
            "its places must have the names of the choices: {a}",
        ),
        (lambda: explore(line, a=[1], describe="{}".format), TypeError, "has a place for"),
        (lambda: explore(line, a=[1], describe="{a}"), TypeError, "must be a function, got '{a}'"),
        (lambda: explore(line, a=[1], allow=["all"]), ValueError, "got 'all'"),
        (lambda: explore(line, a=[1], allow="nan"), TypeError, "allow takes a list of"),
        (lambda: explore(line), ValueError, "at least one choice"),
        (lambda: explore(line, a=[]), ValueError, "choice a is empty"),
        (lambda: explore(line, a="abc"), TypeError, "got 'abc'"),
        (lambda: explore(line, a=3), TypeError, "got 3"),
        (lambda: explore(line, a=range(201)), ValueError, "201 of a make 201 positions"),
        (
            lambda: explore(pair, panels=2, a=range(20), kind=range(20)),
            ValueError,
            "20 of a x 20 of",
        ),
        (lambda: explore(line, b=[1, 2]), TypeError, r"must take (ax, b), but line takes (ax, a)"),
        (lambda: explore(line, panels=2, a=[1]), TypeError, "(ax1, ax2, a)"),
        (lambda: explore(pair, panels=2, a=[1]), TypeError, "left, right, a, kind"),
        (lambda: explore("no", a=[1]), TypeError, "must be a function, got 'no'"),
        (lambda: explore(line, panels=4, a=[1]), ValueError, "panels must be 1, 2 or 3, got 4"),
        (lambda: explore(line, a=[1], start={"a": 7}), ValueError, "a at 7"),
        (lambda: explore(line, a=[1], start={"b": 7}), ValueError, "start names 'b'"),
        (lambda: explore(line, a=[1], labels={"b": "B"}), ValueError, "labels names 'b'"),
        (lambda: explore(line, a=[1, 2], play="b"), ValueError, "play names 'b'"),
        (lambda: explore(line, a=["x", "y"], play="a"), ValueError, "play needs a slider"),
        (lambda: explore(line, a=[1], autoplay=True), ValueError, "autoplay needs play"),
        (lambda: explore(line, a=[1, 2], goal=lambda a: a > 2), ValueError, "at no position"),
        (lambda: explore(line, a=[1, 2], goal=lambda a: a < 2), ValueError, "first position"),
        (lambda: explore(line, a=[1, 2], goal=lambda b: b), TypeError, "goal must take (a)"),
        (lambda: explore(line, a=[1, 2], drag="b"), ValueError, "drag names 'b'"),
        (lambda: explore(line, a=[1, 2], drag={"a": 2}), ValueError, "a panel from 1 to 1 or"),
        (lambda: explore(line, a=[1, 2], drag={"a": lambda b: b}), TypeError, "drag must take"),
        (lambda: explore(line, a=["x"], drag="a"), ValueError, "a of drag has values that are"),
        (lambda: explore(line, a=[1], describe=lambda b: ""), TypeError, "describe must take (a)"),
        (lambda: explore(line, a=[1], describe=lambda a: None), ValueError, "got None"),
        (lambda: figure(lambda ax: None, ""), ValueError, "description must give a sentence"),
        (lambda: figure(line, "Text."), TypeError, "must take (ax), but line takes (ax, a)"),
    ],
)
def test_bad_calls_say_what_is_wrong(call, error, says):
    with pytest.raises(error) as caught:
        call()
    assert says in str(caught.value)
