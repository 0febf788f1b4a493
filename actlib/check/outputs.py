"""The tasks of softmax, of the losses and of their gradients, and the usual mistakes.

Every loss is tried on two small examples, a larger batch and extreme inputs. What goes
wrong with any loss (a sum for the mean, a missing minus, exchanged arguments, in the
gradient a missing 1/n) is made from the record; the rest is listed here.
"""

from dataclasses import replace

import numpy as np

from actlib import logits as soft
from actlib import losses
from actlib.check.grading import Mistake, Task, Trial

log, exp, where = np.log, np.exp, np.where
LARGEST = "subtract the largest logit first: the result is the same, and no exponent is positive"
ZERO_LOG = (
    "0 * log(0) is nan in NumPy, though its limit is 0: clip the probabilities a little, or "
    "leave out the terms with weight 0"
)
FROM_LOGITS = (
    "never go through the probability: max(z, 0) - z * t + log1p(exp(-|z|)) is the same number"
)
FROM_CLASS_LOGITS = "never go through the probability: log_sum_exp(z) minus the right logit"
ROWS = "with several rows, each row is treated alone: axis=-1, keepdims=True"
MEAN_OF_ROWS = "the mean is over the examples; within one row the terms are added up"
NATURAL = "take the natural logarithm, np.log"
TWO_NAMES, CLASS_NAMES = ("prediction", "target"), ("q", "target")


# ------------------------------------------------------------ softmax and its relatives


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
        (lambda z: log(exp(z) / exp(z).sum()), ROWS),
        (lambda z: z - log(exp(z).sum()), ROWS),
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


# ------------------------------------------------------------ losses


def _bce(q, t):
    return -t * log(q) - (1 - t) * log(1 - q)


def _sigmoid(z):
    return 1 / (1 + exp(-z))


VALUES = {
    "mse": [
        (losses.rmse, "no square root: that is the rmse"),
        (losses.mae, "square the errors instead of taking their size"),
        (lambda p, t: np.mean((p - t) ** 2) / 2, "there is no 1/2 in this loss"),
        (lambda p, t: np.mean(p - t), "square the errors, or positive and negative ones cancel"),
        (lambda p, t: np.mean(p - t) ** 2, "square each error first, then take the mean"),
        (lambda p, t: (p - t) ** 2, "take the mean over all examples: one number"),
        (lambda p, t: np.mean(p**2 - t**2), "square the difference, not each of the two"),
    ],
    "rmse": [
        (losses.mse, "the square root is missing"),
        (losses.mae, "the mean comes before the square root: sqrt(mean(error**2))"),
        (lambda p, t: np.sqrt(np.sum((p - t) ** 2)), "the mean, not the sum, under the root"),
        (lambda p, t: np.sqrt(np.sum((p - t) ** 2)) / p.size, "the 1/n belongs under the root"),
    ],
    "mae": [
        (losses.mse, "take the size of the errors, not the square"),
        (losses.rmse, "take the mean of the sizes: np.mean(np.abs(error))"),
        (lambda p, t: np.mean(p - t), "take the size of each error, or they cancel"),
        (lambda p, t: np.abs(np.mean(p - t)), "first the size of each error, then the mean"),
        (lambda p, t: np.abs(p - t), "take the mean over all examples: one number"),
    ],
    "huber": [
        (losses.mse, "that is the mse; beyond delta the line goes on straight"),
        (losses.mae, "that is the mae; within delta there is a parabola"),
        (lambda p, t, delta=1.0: np.mean(where(abs(p - t) <= delta, (p - t) ** 2,
                                               delta * (abs(p - t) - delta / 2))),
         "the parabola has a factor 1/2"),
        (lambda p, t, delta=1.0: np.mean(where(abs(p - t) <= delta, (p - t) ** 2 / 2,
                                               delta * abs(p - t))),
         "the line starts where the parabola ends: delta * (|e| - delta / 2)"),
        (lambda p, t, delta=1.0: np.mean((p - t) ** 2 / 2), "beyond delta the line is straight"),
        (lambda p, t, delta=1.0: np.mean(where(abs(p - t) <= delta, (p - t) ** 2 / 2,
                                               abs(p - t) - delta / 2)),
         "the straight line has the slope delta"),
    ],
    "log_cosh": [
        (lambda p, t: np.mean(np.cosh(p - t)), "the logarithm is missing"),
        (lambda p, t: log(np.mean(np.cosh(p - t))), "first the logarithm of each, then the mean"),
        (lambda p, t: np.mean(np.log10(np.cosh(p - t))), NATURAL),
    ],
    "quantile": [
        (lambda p, t, level=0.5: losses.quantile(p, t, 1 - level), "the two prices are exchanged: "
         "level is that of predicting too little"),
        (losses.mae, "half of the size of the error at level 0.5"),
    ],
    "binary_cross_entropy": [
        (lambda q, t: -np.mean(t * log(q)), "the second half, for target 0, is missing: "
         "(1 - t) * log(1 - q)"),
        (lambda q, t: -np.mean((1 - t) * log(1 - q)), "the first half, for target 1, is missing: "
         "t * log(q)"),
        (lambda q, t: np.mean(_bce(q, t)) / log(2), NATURAL),
        (lambda q, t: np.mean(_bce(q, t)) / log(10), NATURAL),
        (lambda q, t: _bce(q, t), "take the mean over all examples: one number"),
        (lambda q, t: np.mean(-t * log(q) + (1 - t) * log(1 - q)), "the minus belongs to both "
         "halves: use brackets"),
        (lambda q, t: np.mean(_bce(1 - q, t)), "the two halves are exchanged: t goes with log(q)"),
        (losses.mse, "that is the squared error; here logarithms are needed"),
    ],
    "binary_cross_entropy_with_logits": [
        (lambda z, t: np.mean(_bce(z, t)), "z is a logit: the probability is sigmoid(z)"),
        (lambda z, t: np.mean(_bce(_sigmoid(z), t)), FROM_LOGITS),
        (lambda z, t: np.mean(_bce(_sigmoid(_sigmoid(z)), t)), "the sigmoid is taken twice"),
        (lambda z, t: np.mean(_bce(_sigmoid(-z), t)), "the two halves are exchanged, or a minus is "
         "too many"),
        (lambda z, t: np.mean(_bce(_sigmoid(z), t)) / log(2), NATURAL),
    ],
    "categorical_cross_entropy": [
        (lambda q, t: -np.mean(t * log(q)), MEAN_OF_ROWS),
        (lambda q, t: -np.mean(np.sum(t * log(q), axis=-1)) / log(2), NATURAL),
        (lambda q, t: -np.mean(np.sum(t * log(q), axis=-1)) / log(10), NATURAL),
        (lambda q, t: -np.sum(t * log(q), axis=-1), "take the mean over the rows: one number"),
        (lambda q, t: np.mean(np.sum(_bce(q, t), axis=-1)), "only log q of the right class counts; "
         "that is the binary loss, added up"),
    ],
    "cross_entropy_with_logits": [
        (lambda z, t: -np.mean(t * soft.log_softmax(z)), MEAN_OF_ROWS),
        (lambda z, t: -np.mean(np.sum(t * log(z), axis=-1)), "z are logits: softmax comes first"),
        (lambda z, t: -np.mean(np.sum(t * z, axis=-1)), "the log of the sum of exponentials is "
         "missing"),
        (lambda z, t: -np.mean(np.sum(t * soft.softmax(z), axis=-1)), "the logarithm is missing"),
        (lambda z, t: -np.sum(t * soft.log_softmax(z), axis=-1), "take the mean over the rows"),
        (lambda z, t: -np.mean(np.sum(t * soft.log_softmax(soft.softmax(z)), axis=-1)),
         "softmax is taken twice"),
        (lambda z, t: -np.mean(np.sum(t * log(_plain(z)), axis=-1)), FROM_CLASS_LOGITS),
    ],
    "label_smoothing": [
        (losses.cross_entropy_with_logits, "the target is not smoothed"),
        (lambda z, t, smoothing=0.1: losses.cross_entropy_with_logits(
            z, where(t == 1, 1 - smoothing, smoothing / (t.shape[-1] - 1))),
         "epsilon is spread over all k classes, the right one too: (1 - epsilon) t + epsilon / k"),
    ],
    "focal": [
        (lambda z, t, gamma=2.0, alpha=0.25: losses.focal(z, t, gamma, None), "alpha is missing"),
        (lambda z, t, gamma=2.0, alpha=0.25: losses.focal(z, t, gamma, 1 - alpha), "alpha weighs "
         "class 1, and 1 - alpha class 0"),
        (lambda z, t, gamma=2.0, alpha=0.25: losses.focal(z, t, 0, alpha), "the factor "
         "(1 - q_t)**gamma is missing"),
        (losses.binary_cross_entropy_with_logits, "that is the plain cross-entropy"),
        (lambda z, t, gamma=2.0, alpha=0.25: losses.focal(z, t, gamma, None) * alpha, "class 0 has "
         "the weight 1 - alpha"),
    ],
    "hinge": [
        (lambda s, t: np.mean(1 - t * s), "nothing below 0: max(0, 1 - t s)"),
        (lambda s, t: np.mean(np.maximum(0, -t * s)), "a margin of 1 is asked: 1 - t s"),
        (lambda s, t: np.mean(np.maximum(0, 1 + t * s)), "a minus: 1 - t s"),
        (lambda s, t: np.mean(np.maximum(0, 1 - s)), "the target is missing: t s"),
        (lambda s, t: np.maximum(0, 1 - t * s), "take the mean over all examples: one number"),
    ],
    "entropy": [
        (lambda p: -np.mean(np.sum(p * np.log2(p), axis=-1)), NATURAL),
        (lambda p: -np.mean(np.sum(log(p), axis=-1)), "each logarithm is weighed by its p"),
        (lambda p: -np.mean(p * log(p)), MEAN_OF_ROWS),
    ],
    "cross_entropy": [
        (lambda p, q: losses.entropy(p), "the logarithm is that of q, what was believed"),
        (lambda p, q: losses.entropy(q), "the weights are p, what happens"),
        (lambda p, q: losses.kl_divergence(p, q), "that is the divergence: the entropy of p was "
         "subtracted"),
        (lambda p, q: -np.mean(np.sum(p * np.log2(q), axis=-1)), NATURAL),
        (lambda p, q: -np.mean(p * log(q)), MEAN_OF_ROWS),
    ],
    "kl_divergence": [
        (lambda p, q: losses.cross_entropy(p, q), "subtract the entropy of p: log(p / q)"),
        (lambda p, q: np.mean(np.sum(p * np.log2(p / q), axis=-1)), NATURAL),
        (lambda p, q: np.mean(np.sum(log(p / q), axis=-1)), "each logarithm is weighed by p"),
        (lambda p, q: np.mean(np.sum(q * log(p / q), axis=-1)), "the weights are p, not q"),
        (lambda p, q: np.mean(p * log(p / q)), MEAN_OF_ROWS),
    ],
}  # fmt: skip

GRADIENTS = {
    "mse": [
        (lambda p, t: (p - t) / p.size, "the 2 from the square is missing"),
        (lambda p, t: p - t, "the 2 from the square and the 1/n of the mean are missing"),
        (lambda p, t: t - p, "the derivative is 2 (prediction - target) / n"),
        (lambda p, t: np.mean(2 * (p - t)), "one number for each prediction, not their mean"),
        (losses.d_rmse, "that is the gradient of the rmse, with its root"),
        (losses.d_mae, "that is the gradient of the mae"),
    ],
    "rmse": [
        (losses.d_mse, "that is the gradient of the mse; chain rule: divide by 2 rmse"),
        (lambda p, t: (p - t) / p.size, "chain rule: divide by the rmse"),
        (lambda p, t: losses.d_mse(p, t) / losses.rmse(p, t), "the 2 of the square cancels the 1/2 "
         "of the root"),
    ],
    "mae": [
        (lambda p, t: (p - t) / p.size, "only the sign of the error counts, not its size"),
        (lambda p, t: np.abs(p - t) / p.size, "the derivative of |e| is the sign of e"),
        (losses.d_mse, "that is the gradient of the mse"),
    ],
    "huber": [
        (lambda p, t, delta=1.0: (p - t) / p.size, "beyond delta the slope stays at delta"),
        (lambda p, t, delta=1.0: np.sign(p - t) / p.size, "within delta the slope is the error"),
        (lambda p, t, delta=1.0: where(abs(p - t) <= delta, p - t, np.sign(p - t)) / p.size,
         "beyond delta the slope is delta, with the sign of the error"),
        (lambda p, t, delta=1.0: where(abs(p - t) <= delta, p - t, delta) / p.size,
         "beyond delta the slope has the sign of the error"),
    ],
    "log_cosh": [
        (lambda p, t: (p - t) / p.size, "that is the slope of small errors only; it is tanh(e)"),
    ],
    "quantile": [
        (lambda p, t, level=0.5: losses.d_quantile(p, t, 1 - level), "the two sides are exchanged"),
    ],
    "binary_cross_entropy": [
        (lambda q, t: (q - t) / q.size, "that is the gradient by the logit; by the probability, "
         "divide by q (1 - q)"),
        (lambda q, t: -t / q / q.size, "the second half, (1 - t) / (1 - q), is missing"),
        (lambda q, t: (-t / q - (1 - t) / (1 - q)) / q.size, "the second half has a plus: the "
         "derivative of log(1 - q) has a minus of its own"),
    ],
    "binary_cross_entropy_with_logits": [
        (lambda z, t: (_sigmoid(z) - t) * _sigmoid(z) * _sigmoid(-z) / z.size, "the slope of the "
         "sigmoid cancels: sigmoid(z) - t is all"),
        (lambda z, t: (z - t) / z.size, "compare the probability, sigmoid(z), with the target"),
        (lambda z, t: losses.d_binary_cross_entropy(_sigmoid(z), t), "that is the gradient by the "
         "probability; chain rule: times s (1 - s)"),
        (lambda z, t: _sigmoid(z) / z.size, "the target is missing: sigmoid(z) - t"),
    ],
    "categorical_cross_entropy": [
        (lambda q, t: (q - t) / (q.size / q.shape[-1]), "that is the gradient by the logits; by "
         "the probabilities it is -t / q"),
        (lambda q, t: -1 / q / (q.size / q.shape[-1]), "only the right class counts: -t / q"),
    ],
    "cross_entropy_with_logits": [
        (lambda z, t: soft.softmax(z) / (z.size / z.shape[-1]), "the target is missing: q - t"),
        (lambda z, t: (z - t) / (z.size / z.shape[-1]), "softmax(z), not z, minus the target"),
        (lambda z, t: -t / soft.softmax(z) / (z.size / z.shape[-1]), "that is the gradient by the "
         "probabilities; by the logits it is softmax(z) - t"),
    ],
    "label_smoothing": [
        (losses.d_cross_entropy_with_logits, "the target is not smoothed"),
    ],
    "focal": [
        (losses.d_binary_cross_entropy_with_logits, "that is the gradient of the plain loss"),
        (lambda z, t, gamma=2.0, alpha=0.25: losses.d_focal(z, t, gamma, None), "alpha is missing"),
    ],
    "hinge": [
        (lambda s, t: -t / s.size, "beyond the margin the slope is 0"),
        (lambda s, t: where(t * s < 1, -1.0, 0.0) / s.size, "the slope has the target in it: -t"),
        (lambda s, t: -where(t * s < 0, t, 0) / s.size, "the slope ends at the margin, t s = 1"),
    ],
    "entropy": [
        (lambda p: -np.log(p), "product rule: the derivative of p log p is log p + 1"),
        (lambda p: -1 / p, "product rule: the derivative of p log p is log p + 1"),
    ],
    "cross_entropy": [
        (lambda p, q: -log(q), "that is the gradient by p; the one by q is asked"),
        (lambda p, q: -1 / q, "the weight p is missing"),
    ],
    "kl_divergence": [
        (lambda p, q: log(p / q) + 1, "that is the gradient by p; the one by q is asked"),
        (lambda p, q: -1 / q, "the weight p is missing"),
    ],
}  # fmt: skip


# ------------------------------------------------------------ what is tried


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
    overflow = next((hint for aspect, _, hint in tries if aspect == "extremes" and hint), LARGEST)
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


def _labels():
    """one_hot and smooth_labels."""
    a = np.array
    names = ("labels", "n_classes")
    trials = (
        Trial("values", (a([2, 0, 1]), 4), names),
        Trial("values", (a([0, 0]), 2), names, hint="n_classes says how long the rows are"),
    )
    wrong = [
        (lambda labels, n: soft.one_hot(labels - 1, n), "the first class is 0, not 1"),
        (lambda labels, n: np.roll(soft.one_hot(labels, n), -1, axis=-1), "class 0 stands first"),
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
    made = [*(_relative(name) for name in RELATIVES), *_labels()]
    for name in [*losses.LOSSES, *PLAIN]:
        made += [_loss(name, False), _loss(name, True)]
    return {task.name: task for task in made}
