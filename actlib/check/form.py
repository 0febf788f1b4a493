"""An exercise on a page, where no kernel runs: what a small script needs to judge an answer.

The right value and the mistakes are packed, so that they do not meet the eye of somebody who
looks at the source of the page; they are no secret.
"""

import base64
import json

import numpy as np


def form(exercise):
    """The HTML that becomes a field for the answer; None stands for an exercise in code.

    >>> form(None)
    "<div class='bend-exercise' data-code></div>"
    """
    if exercise is None or not exercise.typed:
        return "<div class='bend-exercise' data-code></div>"
    return f"<div class='bend-exercise' data-entry='{packed(exercise)}'></div>"


def packed(exercise):
    """The facts of an exercise as text that cannot be read at sight."""
    plain = {"number": float, "array": _flat, "choice": _words}[exercise.kind]
    mistakes = [[plain(wrong), hint] for wrong, hint in exercise.mistakes]
    if exercise.kind == "choice":
        mistakes = [[words[0], hint] for words, hint in mistakes]
    facts = {
        "name": exercise.name,
        "kind": exercise.kind,
        "expected": plain(exercise.expected),
        "tolerance": exercise.tolerance,
        "hint": exercise.hint,
        "mistakes": [pair for pair in mistakes if _finite(pair[0])],
        "options": [str(option) for option in exercise.options or ()],
    }
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()[::-1]


def _flat(value):
    return np.ravel(np.asarray(value, float)).tolist()


def _words(value):
    several = isinstance(value, set | frozenset | list | tuple)
    return sorted(str(one) for one in (value if several else [value]))


def _finite(value):
    return isinstance(value, str) or bool(np.isfinite(value).all())
