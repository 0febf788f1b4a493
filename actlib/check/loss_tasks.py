"""The tasks of the losses and of their gradients, made from the registry.

Every loss is tried on two small examples, another shape and extreme inputs. What goes wrong
with any loss (a sum for the mean, a missing minus, exchanged arguments, in the gradient a
missing 1/n) is made from the record.
"""

from dataclasses import replace

import numpy as np

from actlib import losses
from actlib.check.loss_mistakes import (
    FROM_CLASS_LOGITS,
    FROM_LOGITS,
    GRADIENTS,
    VALUES,
    ZERO_LOG,
)
from actlib.check.task import Mistake, Task, Trial

STABLE = Task.__dataclass_fields__["overflow"].default
TWO_NAMES, CLASS_NAMES = ("prediction", "target"), ("q", "target")


def _examples(name):
    """[(aspect, arguments, hint)] and the names of the arguments."""
    a = np.array
    if name in ("binary_cross_entropy", "categorical_cross_entropy"):
        return _on_probabilities(name)
    if name in ("entropy", "cross_entropy", "kl_divergence"):
        p, q = a([0.5, 0.3, 0.2]), a([0.25, 0.25, 0.5])
        certain, three = a([1.0, 0.0]), a([0.75, 0.25])
        pairs = [("values", p, q, ""), ("values", a([0.9, 0.1]), a([0.6, 0.4]), ""),
                 ("values", np.stack([p, q]), np.stack([q, q[::-1]]), ""),
                 ("extremes", certain, three, ZERO_LOG)]  # fmt: skip
        count = 1 if name == "entropy" else 2
        return [(aspect, (p, q)[:count], hint) for aspect, p, q, hint in pairs], ("p", "q")[:count]
    if name in ("cross_entropy_with_logits", "label_smoothing"):
        one, two = a([[0.0, 0.0, 1.0]]), a([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        return [
            ("values", (a([[2.0, 1.0, -1.0], [0.5, 1.5, 1.0]]), two), ""),
            ("values", (a([[1.0, 2.0, 0.5]]), one), ""),
            ("extremes", (a([[1000.0, 0.0, -1000.0]]), one), FROM_CLASS_LOGITS),
        ], ("z", "target")
    if name == "binary_cross_entropy_with_logits":
        return [
            ("values", (a([2.0, -1.0]), a([1.0, 0.0])), ""),
            ("values", (a([0.5, 1.5, -2.0]), a([0.0, 1.0, 1.0])), ""),
            ("shapes", (a([[2.0], [-1.0], [0.5]]), a([[1.0], [1.0], [0.0]])), ""),
            ("extremes", (a([1000.0, -1000.0]), a([1.0, 0.0])), FROM_LOGITS),
            ("extremes", (a([-1000.0, 1000.0]), a([1.0, 0.0])), FROM_LOGITS),
        ], ("z", "target")
    t = {"focal": [1.0, 0.0, 0.0, 1.0], "hinge": [1.0, -1.0, -1.0, 1.0]}.get(name)
    first, second = a([2.0, -1.0]), a([0.5, 1.5, -2.0, 3.0])
    targets = (a(t[:2]), a(t)) if t else (a([0.5, 3.0]), a([0.0, 4.0, -2.5, 0.0]))
    tries = [("values", (first, targets[0]), ""), ("values", (second, targets[1]), "")]
    tries.append(("shapes", (second.reshape(2, 2), targets[1].reshape(2, 2)), ""))
    if name == "log_cosh":
        far = "cosh overflows: |e| + log1p(exp(-2 |e|)) - log(2) is the same number"
        tries.append(("extremes", (a([1000.0, -1000.0]), a([0.0, 0.0])), far))
    if name == "focal":
        tries.append(("extremes", (a([1000.0, -1000.0]), a([1.0, 0.0])), FROM_LOGITS))
    return tries, TWO_NAMES


def _on_probabilities(name):
    a = np.array
    if name == "binary_cross_entropy":
        certain = ("extremes", (a([0.0, 1.0]), a([0.0, 1.0])), ZERO_LOG)
        return [
            ("values", (a([0.9, 0.2]), a([1.0, 0.0])), ""),
            ("values", (a([0.3, 0.6, 0.8]), a([1.0, 1.0, 0.0])), ""),
            ("shapes", (a([[0.9], [0.2]]), a([[1.0], [1.0]])), ""),
            certain,
        ], CLASS_NAMES
    one = a([[1.0, 0.0, 0.0]])
    return [
        ("values", (a([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3]]), a([[1.0, 0, 0], [0, 1, 0]])), ""),
        ("values", (a([[0.25, 0.5, 0.25]]), a([[0.0, 0.0, 1.0]])), ""),
        ("extremes", (one, one), ZERO_LOG),
    ], CLASS_NAMES


PLAIN = {
    "entropy": (losses.entropy, losses.d_entropy),
    "cross_entropy": (losses.cross_entropy, losses.d_cross_entropy),
    "kl_divergence": (losses.kl_divergence, losses.d_kl_divergence),
}
OTHER = {"delta": 2.0, "level": 0.9, "smoothing": 0.3}
BY_ROWS = ("entropy", "cross_entropy", "kl_divergence", "categorical_cross_entropy",
           "cross_entropy_with_logits", "label_smoothing")  # fmt: skip


def _loss(name, gradient):
    record = losses.LOSSES.get(name)
    value, slope = (record.value, record.gradient) if record else PLAIN[name]
    right = slope if gradient else value
    usual = dict(record.parameters) if record else {}
    tries, names = _examples(name)
    on_probabilities = names == CLASS_NAMES or name in PLAIN
    trials = []
    for aspect, args, hint in tries:
        if gradient and aspect == "extremes" and on_probabilities:
            continue  # the slope has no limit there, and clipping changes it
        floor = 1e-6 if aspect == "extremes" else 1e-9
        trials.append(Trial(aspect, args, names, usual, hint, floor=floor))
    other = {p: OTHER[p] for p in usual if p in OTHER}
    if other:
        trials.insert(2, Trial("parameters", tries[1][1], names, other))
    own = (GRADIENTS if gradient else VALUES).get(name, [])
    general = _general(value, slope, gradient, name, bool(other), tuple(other))
    overflow = next((hint for aspect, _, hint in tries if aspect == "extremes" and hint), STABLE)
    title = (record.title if record else name.replace("_", " ")).lower()
    what = f"the gradient of {title} by the prediction" if gradient else title
    parameters = "".join(f", {p}={v:g}" for p, v in usual.items())
    about = f"{what}: a function of ({', '.join(names)}{parameters})"
    full = f"d_{name}" if gradient else name
    mistakes, general = _mistakes(own), _mistakes(general)
    return Task(full, right, tuple(trials), mistakes, general, overflow, about=about,
                otherwise=_with_labels(full, right, trials, general, overflow, about))  # fmt: skip


def _with_labels(name, right, trials, general, overflow, about):
    """The same task with class labels as targets: readers may have written it for those."""
    if name.removeprefix("d_") not in ("categorical_cross_entropy", "cross_entropy_with_logits"):
        return ()
    labelled = [
        replace(trial, args=(trial.args[0], trial.args[1].argmax(axis=-1))) for trial in trials
    ]
    return (Task(name, right, tuple(labelled), (), general, overflow, about=about),)


def _general(value, slope, gradient, name, parametrised, other):
    """What goes wrong with every loss."""

    def n(args):
        return args[0].size // (args[0].shape[-1] if name in BY_ROWS else 1)

    if not gradient:
        found = [
            (lambda *a, **p: value(*a, **p) * n(a), "the mean over the batch, not the sum"),
            (lambda *a, **p: -value(*a, **p), "the minus is missing, or one is too many: no loss "
             "is negative"),
            (lambda *a, **p: value(*a[::-1], **p), "prediction and target are exchanged"),
            (slope, "that is the gradient; the value, one number, is asked"),
        ]  # fmt: skip
        found += [(lambda *a, **p: -value(*a, **p) * n(a), "a minus and the 1/n are missing")]
    else:
        found = [
            (lambda *a, **p: slope(*a, **p) * n(a), "the 1/n of the mean is missing"),
            (lambda *a, **p: -slope(*a, **p), "the sign: raising a prediction that is too large "
             "raises the loss"),
            (lambda *a, **p: -slope(*a, **p) * n(a), "the sign, and the 1/n of the mean"),
            (lambda *a, **p: slope(*a, **p) / a[0].shape[-1], "divide by the number of examples, "
             "not of all numbers"),
            (value, "that is the value; one slope for each prediction is asked"),
            (lambda *a, **p: slope(*a[::-1], **p), "prediction and target are exchanged"),
            (lambda *a, **p: np.sum(slope(*a, **p)), "one slope for each prediction, not the sum"),
        ]  # fmt: skip
    if parametrised:
        function = slope if gradient else value
        text = f"{' and '.join(other)} changes nothing: is it used?"
        found.append((lambda *a, **p: function(*a), text))
    return found


def _mistakes(pairs):
    return tuple(Mistake(*pair) for pair in pairs)


def tasks():
    """All tasks of this file, by name."""
    made = [_loss(name, slope) for name in [*losses.LOSSES, *PLAIN] for slope in (False, True)]
    return {task.name: task for task in made}
