"""Explorers: what they draw, what they refuse, and what their HTML holds."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from actlib import plots
from actlib.explore import explore, figure, html


def line(ax, a):
    ax.set(xlim=(0, 1), ylim=(-3, 3), xlabel="x", ylabel="a x")
    ax.plot([0, 1], [0, a])


def pair(left, right, a, kind):
    line(left, a)
    right.text(0.5, 0.5, f"{kind} <&> {a}")


def payload(explorer):
    text = re.search(r"<script type='application/json'>(.*?)</script>", explorer.to_html(), re.S)
    return json.loads(text.group(1).replace("<\\/", "</"))


def picture(data, position, panel=0):
    return "".join(data["parts"][i] for i in data["frames"][position][panel])


def test_every_position_is_drawn_once_and_in_order():
    seen = []

    def draw(left, right, a, kind):
        seen.append((a, kind))
        pair(left, right, a, kind)

    explorer = explore(draw, panels=2, a=range(3), kind=["one", "two"])
    wanted = [(a, kind) for a in range(3) for kind in ("one", "two")]
    assert seen == wanted
    assert [tuple(p.values()) for p in explorer.positions] == wanted
    assert len(payload(explorer)["frames"]) == 6


def test_pictures_differ_between_positions_and_artists_do_not_pile_up():
    data = payload(explore(line, a=[-1, 0, 1, 2]))
    pictures = [picture(data, i) for i in range(4)]
    assert len(set(pictures)) == 4
    assert len({p.count("<path") for p in pictures}) == 1


def test_areas_and_markers_are_drawn_where_they_belong():
    def areas(ax):
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.fill_between([0.2, 0.8], 0.1, 0.4, color=plots.THIRD, alpha=0.2)
        ax.vlines(0.5, 0.1, 0.9, color=plots.SLOPE)
        ax.contourf([0, 1], [0, 1], [[0, 1], [0, 1]], levels=[0.5, 1], colors=[plots.FUNCTION])

    def empty(ax):
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.plot([0.5, 3], [0.5, 3], "o")

    paths = {draw: figure(draw, "Areas.").to_html().count("<path") for draw in (areas, empty)}
    assert paths[areas] == paths[empty] + 2  # three shapes, against the one marker in view


def test_axes_are_stored_once_when_limits_stay():
    data = payload(explore(line, a=[-1, 0, 1, 2]))
    assert len({frame[0][0] for frame in data["frames"]}) == 1


def test_axes_follow_limits_that_move():
    def draw(ax, a):
        ax.set(xlim=(0, a))

    data = payload(explore(draw, a=[1, 10]))
    assert data["frames"][0][0][0] != data["frames"][1][0][0]
    assert ">10<" in picture(data, 1) and ">10<" not in picture(data, 0)


def test_limits_that_nobody_set_fit_the_data_of_their_own_position():
    def draw(ax, a):
        ax.plot([0, 1], [0, a])

    data = payload(explore(draw, a=[1000, 1]))
    assert ">1000<" in picture(data, 0)
    assert ">1000<" not in picture(data, 1)


def test_same_ticks_in_other_limits_are_other_axes():
    def draw(ax, a):
        ax.set(xlim=(0, a), xticks=[0, 1])

    data = payload(explore(draw, a=[1.0, 1.5]))
    assert data["frames"][0][0][0] != data["frames"][1][0][0]


def test_points_lie_inside_limits_that_nobody_set():
    html = figure(lambda ax: ax.scatter([5, 105], [5, 105], s=36), "Two points.").to_html()
    (circles,) = re.findall(r'd="(M[^"]*a3 3[^"]*)"', html)
    starts = [tuple(map(float, p)) for p in re.findall(r"M([\d.]+) ([\d.]+)a", circles)]
    assert len(starts) == 2
    assert all(46 < x < 506 and 30 < y < 256 for x, y in starts)


def test_curve_passes_through_the_right_pixels():
    def draw(ax):
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.plot([0, 1], [0, 1])

    html = figure(draw, "A diagonal.").to_html()
    box = re.search(r"<rect x='([\d.]+)' y='([\d.]+)' width='([\d.]+)' height='([\d.]+)'", html)
    x, y, width, height = map(float, box.groups())
    assert f"M{x:.0f} {y + height:.0f}l{width:.0f}-{height:.0f}" in html


def test_scattered_points_become_circles_at_their_places():
    def draw(ax):
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.scatter([0.5], [0.5], s=36)

    html = figure(draw, "A point.").to_html()
    assert re.search(r"M273 143a3 3 0 1 0 6 0a3 3 0 1 0-6 0", html)  # centre (276, 143), radius 3


def test_colours_of_the_palette_become_classes_and_others_stay():
    def draw(ax):
        plots.plot_function(ax, [0, 1], [0, 1], "f")
        ax.plot([0, 1], [1, 0], color="#123456")

    html = figure(draw, "Two lines.").to_html()
    assert 'class="sf"' in html and 'stroke="#123456"' in html
    assert plots.FUNCTION.lower() not in html.split("</style>")[1].lower()


def test_text_is_escaped_everywhere():
    def draw(ax, a):
        ax.set_xlabel("<script>alert(1)</script> & more")

    html = explore(
        draw, a=[1, 2], question="<b>?", describe=lambda a: f'</script>"{a}', labels={"a": "<i>"}
    ).to_html()
    for bad in ("<script>alert", "<b>?", "<i>", 'label="</script>'):
        assert bad not in html
    assert html.count("</script>") == 2


def test_image_is_kept_inside_the_picture():
    html = figure(lambda ax: ax.imshow(np.eye(3)), "A matrix.").to_html()
    assert 'href="data:image/png;base64,' in html


def test_describe_may_be_a_format_whose_places_are_the_choices():
    assert explore(line, describe="a is {a}.".format, a=[1, 2]).sentences[1] == "a is 2."


def test_minus_signs_are_true_ones_wherever_a_reader_sees_them():
    def draw(ax, a):
        ax.set_xlabel(f"down to {a}")
        ax.text(0.5, 0.5, f"half-way: {a}, 1e-05")

    explorer = explore(
        draw,
        a={"-1, top-5": -1, "2-3": 2},
        describe=lambda a: f"f({a}) = {a:g}, slope ({a}), −log.",
        question="What of -x?",
        labels={"a": "a (-1 or 2)"},
    )
    html = explorer.to_html()
    assert explorer.sentences[0] == "f(−1) = −1, slope (−1), −log."
    assert payload(explorer)["values"] == [["−1, top-5", "2-3"]]
    for text in ("down to −1", "half-way: −1, 1e−05", "What of −x?", "a (−1 or 2)"):
        assert text in html
    assert figure(lambda ax: None, "At -1.").sentences == ["At −1."]


def test_describe_gives_sentence_and_names_for_readers_of_the_screen():
    explorer = explore(
        line,
        a=[0.5, 1.25],
        describe=lambda a: f"The slope is {a}.",
        question="How steep?",
        labels={"a": "a, slope"},
        start={"a": 1.25},
    )
    html = explorer.to_html()
    assert explorer.sentences == ["The slope is 0.5.", "The slope is 1.25."]
    assert repr(explorer) == "The slope is 1.25."
    assert "role='img' aria-label=\"The slope is 1.25.\"" in html
    assert 'aria-valuetext="1.25"' in html and 'aria-label="a, slope"' in html
    assert payload(explorer)["values"] == [["0.50", "1.25"]]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1, 2], ["1", "2"]),
        ([-0.5, 0.25], ["−0.50", "0.25"]),
        (np.linspace(0, 1, 3), ["0.0", "0.5", "1.0"]),
        ([1e-5, 1.0], ["1e−05", "1"]),
        ({"low": 0.1, "high": 9.0}, ["low", "high"]),
        (["relu", "tanh"], ["relu", "tanh"]),
    ],
)
def test_values_are_shown_with_equal_precision(values, texts):
    assert payload(explore(lambda ax, a: None, a=values))["values"] == [texts]


def test_play_button_names_its_slider():
    explorer = explore(pair, panels=2, kind=["one", "two"], a=range(5), play="a")
    assert (payload(explorer)["play"], payload(explorer)["autoplay"]) == (1, False)
    assert "btl-play'" in explorer.to_html()


def test_goal_ends_the_sentences_of_its_positions():
    explorer = explore(line, describe="At {a}.".format, a=[1, 2, 3], goal=lambda a: a > 1)
    assert explorer.sentences == ["At 1.", "At 2. Found.", "At 3. Found."]
    assert payload(explorer)["goal"] == [1, 2]


def points(left, right, a, b):
    left.set(xlim=(0, 10), ylim=(0, 10))
    right.set(xlim=(0, 10), ylim=(0, b))


@pytest.mark.parametrize(
    ("drag", "moves", "panels", "first", "last"),
    [  # a panel's axes run from (46, 246) to (336, 30)
        ("a", [0], [0, 1], [46.0, None], [336.0, None]),
        ({"a": 2}, [0], [0, 1], [46.0, None], [336.0, None]),
        (("a", "b"), [0, 1], [0], [46.0, 138.0], [336.0, 30.0]),
        ({"b": lambda a, b: (None, b)}, [1], [0], [None, 138.0], [None, 30.0]),
        ({("a", "b"): lambda a, b: (b, a)}, [0, 1], [0], [191.0, 246.0], [336.0, 30.0]),
    ],
)
def test_handles_are_where_their_choices_put_them(drag, moves, panels, first, last):
    (handle,) = payload(explore(points, panels=2, a=[0, 5, 10], b=[5, 10], drag=drag))["drag"]
    assert (handle["moves"], handle["panels"]) == (moves, panels)
    assert (handle["at"][0], handle["at"][-1], len(handle["at"])) == (first, last, 6)


def test_each_module_of_the_page_is_there_and_none_is_forgotten():
    names = {path.stem for path in (Path(html.__file__).parent / "page").glob("*.js")}
    assert names == set(html.MODULES)


def test_same_call_gives_the_same_html():
    assert explore(line, a=range(4)).to_html() == explore(line, a=range(4)).to_html()


def test_drawing_does_not_touch_global_settings_or_open_figures():
    import matplotlib as mpl
    from matplotlib._pylab_helpers import Gcf

    before = dict(mpl.rcParams)
    explore(line, a=range(3))
    assert dict(mpl.rcParams) == before
    assert Gcf.get_all_fig_managers() == []
