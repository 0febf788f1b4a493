"""Mistakes that readers make with losses (VALUES) and their gradients (GRADIENTS).

Pairs of a wrong function and a hint, as in value_mistakes.py. What goes wrong with any loss
is not listed here, but made from the record in loss_tasks.py.
"""

import numpy as np

from actlib import losses
from actlib import losses as soft

log, exp, where = np.log, np.exp, np.where
ZERO_LOG = (
    "0 * log(0) is nan in NumPy, though its limit is 0: clip the probabilities a little, or "
    "leave out the terms with weight 0"
)
FROM_LOGITS = (
    "never go through the probability: max(z, 0) - z * t + log1p(exp(-|z|)) is the same number"
)
FROM_CLASS_LOGITS = "never go through the probability: log_sum_exp(z) minus the right logit"
MEAN_OF_ROWS = "the mean is over the examples; within one row the terms are added up"
NATURAL = "take the natural logarithm, np.log"


def _bce(q, t):
    return -t * log(q) - (1 - t) * log(1 - q)


def _sigmoid(z):
    return 1 / (1 + exp(-z))


def _plain(z):
    return exp(z) / exp(z).sum(axis=-1, keepdims=True)


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
        (lambda z, t: np.mean(soft.log_sum_exp(z - z.max(axis=-1, keepdims=True))
                              - np.sum(t * z, axis=-1)),
         "the largest logit is gone from the first part only: take it from z in both"),
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
