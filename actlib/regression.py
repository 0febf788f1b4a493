"""Losses for numbers: how far is the prediction from the target?

Prediction first, target second. The value is the mean over all numbers of the batch, and
``d_`` is the gradient of exactly that mean, taken by the prediction (the 1/n is inside).

Shapes: prediction and target have the same shape, any shape. With ``runs=r`` the first r
axes of the prediction are runs: the value keeps them, and the target may lack them (the
same data for every run). The dtype is the prediction's.
Errors: ValueError for shapes that do not match (also (n,) against (n, 1)), an empty batch,
or a parameter out of range; TypeError for anything but real numbers.
"""

import numpy as np

from actlib._batch import mean, number, pair, positive, quiet, share


@quiet
def mse(prediction, target, runs=0):
    r"""Mean squared error.

    :math:`\frac{1}{n} \sum (\hat y - y)^2`. Smallest at the mean of the targets; one error
    of 10 weighs as much as a hundred of 1. Its unit is the target's, squared.
    Source: Legendre (1805).

    >>> float(mse([1.0, 2.0], [0.0, 4.0]))
    2.5
    >>> mse([[1.0, 2.0], [0.0, 0.0]], [0.0, 4.0], runs=1)
    array([2.5, 8. ])
    """
    prediction, target, dtype = pair(prediction, target, runs)
    return mean((prediction - target) ** 2, runs, dtype)


@quiet
def d_mse(prediction, target, runs=0):
    r"""Gradient of mse: :math:`2 (\hat y - y) / n`.

    >>> d_mse([1.0, 2.0], [0.0, 4.0])
    array([ 1., -2.])
    """
    prediction, target, dtype = pair(prediction, target, runs)
    return share(2 * (prediction - target), runs, dtype)


def _root_mean_square(error, runs):
    """Return it twice over: the largest error, and the root of the mean square beside it.

    Their product is the answer; apart, no square overflows or underflows.
    """
    axes = tuple(range(runs, error.ndim))
    largest = np.abs(error).max(axis=axes, keepdims=True)
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1).astype(error.dtype)
    root = np.sqrt(mean((error / unit) ** 2, runs, error.dtype))
    return unit, np.reshape(root, unit.shape)


@quiet
def rmse(prediction, target, runs=0):
    r"""Root mean squared error: mse brought back to the unit of the target.

    :math:`\sqrt{\frac{1}{n} \sum (\hat y - y)^2}`. Smallest where mse is, at the mean. It
    does not overflow where the squares would.
    Source: Hodson (2022).

    >>> float(rmse([3.0, 0.0], [0.0, 4.0]).round(4))
    3.5355
    """
    prediction, target, dtype = pair(prediction, target, runs)
    unit, root = _root_mean_square(prediction - target, runs)
    return mean(unit * root, runs, dtype)


@quiet
def d_rmse(prediction, target, runs=0):
    r"""Gradient of rmse: :math:`(\hat y - y) / (n \cdot \mathrm{rmse})`.

    Where every error is 0 the value has a kink, and the gradient is 0 by convention.

    >>> d_rmse([3.0, 0.0], [0.0, 4.0]).round(4)
    array([ 0.4243, -0.5657])
    """
    prediction, target, dtype = pair(prediction, target, runs)
    error = prediction - target
    unit, root = _root_mean_square(error, runs)
    return share(error / unit / np.where(root == 0, 1, root), runs, dtype)


@quiet
def mae(prediction, target, runs=0):
    r"""Mean absolute error.

    :math:`\frac{1}{n} \sum |\hat y - y|`. Smallest at the median of the targets, so one
    wild target hardly moves it. Source: Laplace (1774).

    >>> float(mae([1.0, 2.0], [0.0, 4.0]))
    1.5
    """
    prediction, target, dtype = pair(prediction, target, runs)
    return mean(np.abs(prediction - target), runs, dtype)


@quiet
def d_mae(prediction, target, runs=0):
    r"""Gradient of mae: :math:`\mathrm{sign}(\hat y - y) / n`, 0 at the kink by convention.

    >>> d_mae([1.0, 2.0], [0.0, 4.0])
    array([ 0.5, -0.5])
    """
    prediction, target, dtype = pair(prediction, target, runs)
    return share(np.sign(prediction - target), runs, dtype)


@quiet
def huber(prediction, target, delta=1.0, runs=0):
    r"""Huber's loss: a parabola for small errors, straight lines for large ones.

    :math:`e^2 / 2` where :math:`|e| \le \delta`, else :math:`\delta (|e| - \delta / 2)`,
    with :math:`e = \hat y - y`. Value and slope are continuous at the seam.
    Errors: ValueError for a delta that is not positive. Source: Huber (1964).

    >>> float(huber([0.5, 3.0], [0.0, 0.0]))
    1.3125
    """
    prediction, target, dtype = pair(prediction, target, runs)
    delta = prediction.dtype.type(positive(delta, "delta"))
    size = np.abs(prediction - target)
    return mean(np.where(size <= delta, size**2 / 2, delta * (size - delta / 2)), runs, dtype)


@quiet
def d_huber(prediction, target, delta=1.0, runs=0):
    r"""Gradient of huber: the error cut off at :math:`\pm\delta`, divided by n.

    >>> d_huber([0.5, 3.0], [0.0, 0.0])
    array([0.25, 0.5 ])
    """
    prediction, target, dtype = pair(prediction, target, runs)
    delta = prediction.dtype.type(positive(delta, "delta"))
    return share(np.clip(prediction - target, -delta, delta), runs, dtype)


@quiet
def log_cosh(prediction, target, runs=0):
    r"""Logarithm of the hyperbolic cosine: a Huber loss without a seam.

    :math:`\frac{1}{n} \sum \log \cosh(\hat y - y)`: about :math:`e^2 / 2` for small errors,
    :math:`|e| - \log 2` for large ones. Source: Green (1990).

    >>> float(log_cosh([1.0, 100.0], [0.0, 0.0]).round(4))
    49.8703
    """
    prediction, target, dtype = pair(prediction, target, runs)
    size = np.abs(prediction - target)
    # cosh e = 1 + 2 sinh²(e/2) keeps small errors exact, where cosh would round to 1.
    near = np.log1p(2 * np.sinh(np.minimum(size, 4) / 2) ** 2)
    far = size + (np.log1p(np.exp(-2 * size)) - np.log(size.dtype.type(2)))
    return mean(np.where(size < 4, near, far), runs, dtype)


@quiet
def d_log_cosh(prediction, target, runs=0):
    r"""Gradient of log_cosh: :math:`\tanh(\hat y - y) / n`.

    >>> d_log_cosh([1.0, 100.0], [0.0, 0.0]).round(4)
    array([0.3808, 0.5   ])
    """
    prediction, target, dtype = pair(prediction, target, runs)
    return share(np.tanh(prediction - target), runs, dtype)


def _level(level):
    return number(level, "level", "a number between 0 and 1", lambda v: 0 < v < 1)


@quiet
def quantile(prediction, target, level=0.5, runs=0):
    r"""Quantile (pinball) loss: one price for predicting too little, another for too much.

    :math:`\tau u` for :math:`u = y - \hat y \ge 0`, :math:`(\tau - 1) u` below. Smallest
    where a share :math:`\tau` (``level``) of the targets lies below the prediction; at
    level 0.5 it is half of mae.
    Errors: ValueError for a level outside 0 < level < 1. Source: Koenker and Bassett (1978).

    >>> float(quantile([0.0, 0.0], [10.0, -10.0], level=0.9).round(4))
    5.0
    >>> float(quantile([0.0], [10.0], level=0.9))
    9.0
    """
    prediction, target, dtype = pair(prediction, target, runs)
    level, short = prediction.dtype.type(_level(level)), target - prediction
    return mean(np.where(short >= 0, level * short, (level - 1) * short), runs, dtype)


@quiet
def d_quantile(prediction, target, level=0.5, runs=0):
    r"""Gradient of quantile: :math:`-\tau / n` below the target, :math:`(1 - \tau) / n` above.

    At the kink, prediction = target, it is 0 by convention.

    >>> d_quantile([0.0, 0.0], [10.0, -10.0], level=0.75)
    array([-0.375,  0.125])
    """
    prediction, target, dtype = pair(prediction, target, runs)
    level = prediction.dtype.type(_level(level))
    sign = np.sign(prediction - target)
    return share(sign * np.where(sign < 0, level, 1 - level), runs, dtype)
