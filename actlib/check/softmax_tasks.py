"""The tasks of softmax and its relatives, and of labels, with the usual mistakes."""

import numpy as np

from actlib import losses
from actlib import losses as soft
from actlib.check.task import Mistake, Task, Trial

log, exp, where = np.log, np.exp, np.where
LARGEST = "subtract the largest logit first: the result is the same, and no exponent is positive"
ROWS = "with several rows, each row is treated alone: axis=-1, keepdims=True"
NATURAL = "take the natural logarithm, np.log"


def _divided(powers, axis=-1):
    return powers / powers.sum(axis=axis, keepdims=True)


def _plain(z):
    return exp(z) / exp(z).sum(axis=-1, keepdims=True)


def _outer(q):
    return q[..., :, None] * q[..., None, :]


SOFTMAX = [
    (_plain, LARGEST, "extremes"),
    (lambda z: exp(z) / exp(z).sum(), ROWS, "shapes"),
    (lambda z: exp(z - z.max()) / exp(z - z.max()).sum(), ROWS, "shapes"),
    (lambda z: _divided(exp(z), 0), "each row is one distribution: sum along axis=-1",
     "shapes"),
    (lambda z: _divided(z), "the exponentials are missing"),
    (lambda z: exp(z), "divide by the sum of the exponentials, so that all add up to 1"),
    (lambda z: exp(z) / exp(z).max(axis=-1, keepdims=True), "divide by the sum, not the largest"),
    (lambda z: _divided(exp(-z)), "no minus: the largest logit gets the largest probability"),
    (lambda z: 1 / (1 + exp(-z)), "that is the sigmoid of each; softmax divides by the sum"),
    (soft.log_softmax, "that is the logarithm of the softmax"),
    (lambda z: exp(z - z.max(axis=-1, keepdims=True)) / exp(z).sum(axis=-1, keepdims=True),
     "subtract the largest in the sum too"),
    (lambda z: exp(z) / exp(z).mean(axis=-1, keepdims=True), "divide by the sum, not the mean"),
]  # fmt: skip

RELATIVES = {
    "softmax": (soft.softmax, [
        *SOFTMAX,
        (lambda z, temperature=1.0: soft.softmax(z * temperature), "divide by the temperature"),
        (lambda z, temperature=1.0: soft.softmax(z) / temperature, "the logits are divided by "
         "the temperature, before the exponential"),
        (lambda z, temperature=1.0: soft.softmax(z), "temperature changes nothing: is it used?"),
    ], {"temperature": 1.0}, LARGEST),
    "log_softmax": (soft.log_softmax, [
        (lambda z: log(_plain(z)), "z - max - log(sum(exp(z - max))): the logarithm of a "
         "probability that was rounded to 0 is lost"),
        (lambda z: log(soft.softmax(z)), "z - max - log(sum(exp(z - max))): the logarithm of a "
         "probability that was rounded to 0 is lost"),
        (soft.softmax, "the logarithm is missing"),
        (lambda z: -soft.log_softmax(z), "the logarithm of a probability is negative"),
        (lambda z: log(exp(z) / exp(z).sum()), ROWS, "shapes"),
        (lambda z: z - log(exp(z).sum()), ROWS, "shapes"),
        (lambda z: z - log(exp(z).sum(axis=-1, keepdims=True)), LARGEST, "extremes"),
        (lambda z: z - log(exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)),
         "the largest is missing once: z - max - log(sum(exp(z - max)))"),
        (lambda z: np.log2(_plain(z)), NATURAL),
    ], {}, LARGEST),
    "log_sum_exp": (soft.log_sum_exp, [
        (lambda z: log(exp(z).sum(axis=-1)), LARGEST),
        (lambda z: exp(z).sum(axis=-1), "the logarithm is missing"),
        (lambda z: z.sum(axis=-1), "log(exp(z)) is z again: first add up the exponentials, then "
         "take the logarithm"),
        (lambda z: log(exp(z).sum()), "with several rows, each has its own sum: axis=-1"),
        (lambda z: z.max(axis=-1), "the maximum is only the greater part of it"),
        (lambda z: log(exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1)), "add the maximum "
         "again after the logarithm"),
        (lambda z: log(exp(z).mean(axis=-1)), "the sum, not the mean"),
    ], {}, LARGEST),
    "softmax_jacobian": (soft.softmax_jacobian, (JACOBIAN := [
        (lambda z: soft.softmax(z) * (1 - soft.softmax(z)), "s (1 - s) is the diagonal: each "
         "probability depends on every logit, so the answer is a square, s_i (δ_ij - s_j)"),
        (lambda z: np.eye(z.shape[-1]) * (soft.softmax(z) * (1 - soft.softmax(z)))[..., None],
         "beside the diagonal stand -s_i s_j: raising one logit lowers the other probabilities"),
        (lambda z: np.eye(z.shape[-1]) * soft.softmax(z)[..., None] + _outer(soft.softmax(z)),
         "a minus: s_i (δ_ij - s_j)"),
        (lambda z: _outer(soft.softmax(z)) - np.eye(z.shape[-1]) * soft.softmax(z)[..., None],
         "the sign: the diagonal is positive, the rest negative"),
        (lambda z: -_outer(soft.softmax(z)), "on the diagonal s_i is added"),
        (soft.softmax, "that is softmax itself; its derivative is a square"),
        (lambda z: np.eye(z.shape[-1]) - _outer(soft.softmax(z)), "on the diagonal stands s_i, not "
         "1, before the product is subtracted"),
    ]), {}, LARGEST),
    "d_softmax": (soft.softmax_jacobian, JACOBIAN, {}, LARGEST),
    "d_log_softmax": (soft.d_log_softmax, [
        (soft.softmax_jacobian, "that is softmax's derivative; divide row i by s_i"),
        (lambda z: np.eye(z.shape[-1]) + soft.softmax(z)[..., None, :], "a minus: δ_ij - s_j"),
        (lambda z: 1 - soft.softmax(z), "that is the diagonal; the answer is a square, δ_ij - s_j"),
        (lambda z: np.swapaxes(soft.d_log_softmax(z), -1, -2), "rows belong to outputs, columns "
         "to logits: exchange them"),
    ], {}, LARGEST),
    "d_log_sum_exp": (soft.d_log_sum_exp, [
        *SOFTMAX,
        (soft.softmax_jacobian, "that is the second derivative; the first is softmax itself"),
        (soft.log_sum_exp, "that is the value; one derivative for each logit is asked"),
    ], {}, LARGEST),
}  # fmt: skip


def _relative(name):
    right, own, parameters, overflow = RELATIVES[name]
    rows = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 0.0]])

    def trial(aspect, z, keywords=parameters, **more):
        return Trial(aspect, (np.array(z, float),), ("z",), keywords, **more)

    trials = [trial("values", [1.0, 2.0, 3.0]), trial("values", [0.5, -1.5, 0.0, 1.0])]
    if parameters:
        trials.append(trial("parameters", [1.0, 2.0, 3.0], {"temperature": 2.0}))
    several = (
        trial("shapes", rows, hint=ROWS),
        trial("shapes", [[1.0, 2.0], [3.0, 5.0]], hint=ROWS),
    )
    jacobian = name in ("softmax_jacobian", "d_softmax", "d_log_softmax")
    trials += [] if jacobian else several
    trials += [
        trial("extremes", [1000.0, 0.0], hint=LARGEST),
        trial("extremes", [-1000.0, -1001.0], hint=LARGEST),
        Trial("dtype", (np.array([1.0, 2.0, 3.0], np.float32),), ("z",), parameters,
              tolerance=1e-4, hint="keep the type of z"),
    ]  # fmt: skip
    about = f"{name.replace('_', ' ')}: a function of z, logits with the classes on the last axis"
    return Task(name, right, tuple(trials), _mistakes(own), (), overflow, about=about)


def _mistakes(pairs):
    return tuple(Mistake(*pair) for pair in pairs)


def _labels():
    """one_hot and smooth_labels."""
    a = np.array
    names = ("labels", "n_classes")
    trials = (
        Trial("values", (a([2, 0, 1]), 4), names),
        Trial("values", (a([0, 0]), 2), names, hint="n_classes says how long the rows are"),
    )
    wrong = [
        (lambda labels, n: np.eye(n)[labels - 1], "the first class is 0, not 1"),
        (lambda labels, n: soft.one_hot(labels, n).T, "one row for each label, not one column"),
        (lambda labels, n: 1 - soft.one_hot(labels, n), "1 stands at the label, 0 elsewhere"),
        (lambda labels, n: soft.one_hot(labels), "n_classes is not used: a class may be missing"),
    ]
    about = "one_hot: a function of (labels, n_classes) that returns a row for each label"
    yield Task("one_hot", soft.one_hot, trials, _mistakes(wrong), about=about)
    names, usual = ("target", "smoothing"), 0.2
    trials = (
        Trial("values", (a([[0.0, 1.0, 0.0, 0.0]]), usual), names),
        Trial("values", (a([[1.0, 0.0], [0.0, 1.0]]), 0.1), names),
    )
    wrong = [
        (lambda t, e: where(t == 1, 1 - e, e / (t.shape[-1] - 1)), "the right class gets its part "
         "of epsilon too: (1 - epsilon) t + epsilon / k"),
        (lambda t, e: (1 - e) * t + e, "epsilon is shared by the k classes: epsilon / k"),
        (lambda t, e: t + e / t.shape[-1], "the right class gives epsilon away: (1 - epsilon) t"),
        (lambda t, e: (1 - e) * t, "what the right class gave away goes to all: + epsilon / k"),
    ]  # fmt: skip
    about = "smooth_labels: a function of (target, smoothing), one-hot rows and epsilon"
    yield Task("smooth_labels", losses.smooth_labels, trials, _mistakes(wrong), about=about)


def tasks():
    """All tasks of this file, by name."""
    return {task.name: task for task in (*map(_relative, RELATIVES), *_labels())}
