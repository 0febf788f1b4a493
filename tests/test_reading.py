"""A chapter fits one sitting: its main line is short enough, and not too short of questions."""

import nbformat
import pytest

from tests.rules import NOTEBOOKS
from tools import boxes
from tools.reading import Reading, count_words, measure

WORDS, MINUTES, LONG_MINUTES = 2000, 25, 30
# Where training is the subject, a reader also waits and compares.
LONG = {"vanishing_gradient", "plateau", "deep_xor", "remedies", "atlas"}
EXPLORERS, EXERCISES, QUIZ = range(2, 6), range(3, 5), range(3, 6)


def complaints(name, reading, exercises, quiz):
    most = LONG_MINUTES if name in LONG else MINUTES
    if reading.words > WORDS:
        yield f"has {reading.words} words outside folds, over {WORDS}"
    if reading.minutes > most:
        yield f"takes {reading.minutes} minutes, over {most}"
    if reading.explorers not in EXPLORERS:
        yield f"has {reading.explorers} explorers"
    if exercises not in EXERCISES:
        yield f"has {exercises} exercises"
    if quiz not in QUIZ:
        yield f"has {quiz} questions in its quick check"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_chapter_fits_one_sitting(name):
    path = NOTEBOOKS[name]
    exercises, quiz = (len(boxes.questions(path, kind)) for kind in ("exercise", "quiz"))
    found = list(complaints(path.stem, measure(path), exercises, quiz))
    assert not found, f"{name} " + "; ".join(found)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("relu", Reading(2001, 0, 3), 3, 3), "2001 words"),
        (("relu", Reading(1500, 140, 3), 3, 3), "27 minutes"),
        (("atlas", Reading(1500, 190, 3), 3, 3), "32 minutes"),
        (("relu", Reading(1500, 20, 1), 3, 3), "1 explorers"),
        (("relu", Reading(1500, 20, 3), 5, 3), "5 exercises"),
        (("relu", Reading(1500, 20, 3), 3, 0), "0 questions"),
    ],
)
def test_a_chapter_over_the_limit_is_named(wrong, says):
    assert says in "; ".join(complaints(*wrong))
    assert not list(complaints("relu", Reading(1500, 20, 3), 3, 3))


TEXT = """# A title of five words

One formula $a + b$ and `some code`, a {term}`chain rule`, a [link](https://x.y).

:::{admonition} Going further: not read
:class: dropdown note
These words are folded.
:::

::::{admonition} Predict
:class: predict
Which one?

:::{admonition} Answer
:class: dropdown
**Nobody** reads this.
:::
::::

## Exercises

Not counted.
"""


def test_what_counts_as_reading(tmp_path):
    assert count_words("it's 3.5 times, half-way; [there](a/b.ipynb)") == 5
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(TEXT),
            nbformat.v4.new_code_cell("a = 1\n\nb = 2"),
            nbformat.v4.new_markdown_cell("## More"),
            nbformat.v4.new_code_cell("explore(draw)", metadata={"tags": ["hide-input"]}),
            nbformat.v4.new_code_cell("c = 1\n\nd = 2"),
        ]
    )
    path = tmp_path / "x.ipynb"
    nbformat.write(book, path)
    # title 5, sentence 10, Predict and its question 3, "More" 1; the cell under Exercises is out
    assert measure(path) == Reading(words=19, lines=2, explorers=1)
