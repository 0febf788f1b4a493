"""Claims, predictions and quick checks have the form that the site reads, and none is lost."""

import pytest

from tests.rules import NOTEBOOKS
from tools import boxes

# How many claims each of the five documents makes (the page of claims names the documents).
CLAIMS = {"A": 10, "B": 11, "C": 11, "D": 10, "E": 8}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_claim_boxes_have_one_verdict_each(name):
    _, wrong = boxes.claims(NOTEBOOKS[name])
    assert not wrong, "\n".join(f"{name}, {complaint}" for complaint in wrong)


def test_every_claim_is_judged_once():
    judged = [
        i for path in NOTEBOOKS.values() for claim in boxes.claims(path)[0] for i in claim.ids
    ]
    every = [f"{document}{n}" for document, most in CLAIMS.items() for n in range(1, most + 1)]
    assert sorted(judged) == sorted(every), {
        "without a verdict": sorted(set(every) - set(judged)),
        "twice": sorted({i for i in judged if judged.count(i) > 1}),
        "unknown": sorted(set(judged) - set(every)),
    }


@pytest.mark.parametrize("kind", ["predict", "quiz"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_questions_can_be_answered(name, kind):
    wrong = []
    for n, box in boxes.questions(NOTEBOOKS[name], kind):
        try:
            boxes.question(box)
        except ValueError as error:
            wrong.append(f"{name}, cell {n}: {box.text[:40]!r} {error}")
    assert not wrong, "\n".join(wrong)


# ---- the parser and the rules notice what they are for -------------------------------------

GOOD = """
::::{admonition} Predict
:class: predict

Which one
is faster?

- the left one
- both

:::{admonition} Answer
:class: dropdown

**both.** Because they are
equally long.

- the left one: it only
  looks shorter.
:::
::::
"""


def read(text):
    (box,) = boxes.parse(text).boxes
    return boxes.question(box)


def test_a_question_is_read():
    asked = read(GOOD)
    assert asked.options == ["the left one", "both"]
    assert asked.right == "both"
    assert asked.reasons == {"the left one": "it only looks shorter."}
    number = read(
        "::::{admonition} P\n:class: quiz\nHow many?\n:::{admonition} Answer\n"
        ":class: dropdown\n**0.25.** So it is.\n:::\n::::"
    )
    assert (number.options, number.right) == ([], "0.25")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ((":class: dropdown", ":class: note"), "one box inside"),
        (("is faster?", "is faster."), "no question"),
        (("**both.**", "Both."), "in bold"),
        (("**both.**", "**neither.**"), "none of the options"),
        (("- the left one: it", "- the other: it"), "no line for the wrong option"),
        (("- both\n", ""), "1 options"),
        (("- the left one\n- both\n", ""), "a number is needed"),
    ],
)
def test_a_wrong_question_is_named(change, says):
    assert change[0] in GOOD
    with pytest.raises(ValueError, match=says):
        read(GOOD.replace(*change))


CLAIM = """(claim-a7-c3)=
:::{admonition} The document says
:class: claim

ReLU sends negatives to 0.

**Holds.** It does. Here is more.
:::
"""


def judge(tmp_path, text):
    path = tmp_path / "x.md"
    path.write_text(text, encoding="utf-8")
    return boxes.claims(path)


def test_a_claim_is_read(tmp_path):
    (claim,), wrong = judge(tmp_path, CLAIM)
    assert not wrong
    assert claim.ids == ("A7", "C3")
    assert (claim.says, claim.finding) == ("ReLU sends negatives to 0.", "It does.")
    assert claim.verdict == "**Holds.**"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("(claim-a7-c3)=\n", ""), "needs a label"),
        (("claim-a7-c3", "claim-relu"), "needs a label"),
        (("**Holds.**", "**Holds if …**"), "two paragraphs"),
        (("It does.", "It does. **Holds.**"), "two paragraphs"),
        (("0.\n\n", "0.\n"), "two paragraphs"),
        (("**Holds.** It", "It **Holds.**"), "begins with the verdict"),
    ],
)
def test_a_wrong_claim_is_named(tmp_path, change, says):
    assert change[0] in CLAIM
    found, (wrong,) = judge(tmp_path, CLAIM.replace(*change))
    assert not found and says in wrong
