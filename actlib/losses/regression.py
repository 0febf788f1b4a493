"""Losses for numbers: how far is the prediction from the target?

Prediction and target have the same shape, any shape; the mean is over all numbers.
"""

import numpy as np

from actlib._arrays import between, positive
from actlib.losses.batch import gradient, loss
from actlib.losses.record import Loss

__all__ = [
    "d_huber",
    "d_log_cosh",
    "d_mae",
    "d_mse",
    "d_quantile",
    "d_rmse",
    "huber",
    "log_cosh",
    "mae",
    "mse",
    "quantile",
    "rmse",
]


@loss
def mse(prediction, target):
    r"""Mean squared error.

    .. math:: \frac{1}{n} \sum (\hat y - y)^2

    Smallest at the mean of the targets; one error of 10 weighs as much as a hundred of 1.
    Its unit is the target's, squared. Source: Legendre (1805).

    >>> float(mse([1.0, 2.0], [0.0, 4.0]))
    2.5
    >>> mse([[1.0, 2.0], [0.0, 0.0]], [0.0, 4.0], runs=1)
    array([2.5, 8. ])
    """
    return (prediction - target) ** 2


@gradient
def d_mse(prediction, target):
    r"""Gradient of mse: twice the error.

    .. math:: \frac{2}{n} (\hat y - y)

    >>> d_mse([1.0, 2.0], [0.0, 4.0])
    array([ 1., -2.])
    """
    return 2 * (prediction - target)


MSE = Loss(
    title="Mean squared error",
    value=mse,
    gradient=d_mse,
    minimised_by="the mean of the targets",
    noise="normal, the same spread everywhere",
    slope_max=float("inf"),
    pytorch="torch.nn.functional.mse_loss(prediction, target)",
    jax="optax.losses.squared_error(prediction, target).mean()",
    keras="keras.losses.MeanSquaredError()(target, prediction)",
)


def _scaled(error):
    """Return the largest error, and the root of the mean square beside it.

    Their product is the rmse; apart, no square overflows or underflows.
    """
    largest = np.abs(error).max(axis=-1, keepdims=True)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1).astype(error.dtype)
    return scale, np.sqrt(((error / scale) ** 2).mean(axis=-1, keepdims=True))


@loss
def rmse(prediction, target):
    r"""Root mean squared error: mse brought back to the unit of the target.

    .. math:: \sqrt{\frac{1}{n} \sum (\hat y - y)^2}

    Smallest where mse is, at the mean. It does not overflow where the squares would.
    Source: Hodson (2022).

    >>> float(rmse([3.0, 0.0], [0.0, 4.0]).round(4))
    3.5355
    """
    scale, root = _scaled(prediction - target)
    return scale * root


@gradient
def d_rmse(prediction, target):
    r"""Gradient of rmse: each error as a share of the rmse.

    .. math:: \frac{\hat y - y}{n \cdot \mathrm{rmse}}

    Where every error is 0 the value has a kink, and the gradient is 0 by convention.

    >>> d_rmse([3.0, 0.0], [0.0, 4.0]).round(4)
    array([ 0.4243, -0.5657])
    """
    error = prediction - target
    scale, root = _scaled(error)
    return error / scale / np.where(root == 0, 1, root)


RMSE = Loss(
    title="Root mean squared error",
    value=rmse,
    gradient=d_rmse,
    minimised_by="the mean of the targets",
    noise="normal, of unknown spread: its best estimate is the rmse",
    slope_max=1.0,
    kink=True,
    pytorch="torch.sqrt(torch.nn.functional.mse_loss(prediction, target))",
    jax="jax.numpy.sqrt(optax.losses.squared_error(prediction, target).mean())",
    keras="keras.metrics.RootMeanSquaredError()(target, prediction)",
)


@loss
def mae(prediction, target):
    r"""Mean absolute error.

    .. math:: \frac{1}{n} \sum |\hat y - y|

    Smallest at the median of the targets, so one wild target hardly moves it.
    Source: Laplace (1774).

    >>> float(mae([1.0, 2.0], [0.0, 4.0]))
    1.5
    """
    return np.abs(prediction - target)


@gradient
def d_mae(prediction, target):
    r"""Gradient of mae: the sign of the error, 0 at the kink by convention.

    .. math:: \frac{1}{n} \operatorname{sign}(\hat y - y)

    >>> d_mae([1.0, 2.0], [0.0, 4.0])
    array([ 0.5, -0.5])
    """
    return np.sign(prediction - target)


MAE = Loss(
    title="Mean absolute error",
    value=mae,
    gradient=d_mae,
    minimised_by="the median of the targets",
    noise="Laplace (two exponentials back to back)",
    slope_max=1.0,
    kink=True,
    pytorch="torch.nn.functional.l1_loss(prediction, target)",
    jax="jax.numpy.abs(prediction - target).mean()",
    keras="keras.losses.MeanAbsoluteError()(target, prediction)",
)


@loss(delta=positive)
def huber(prediction, target, delta=1.0):
    r"""Huber's loss: a parabola for small errors, straight lines for large ones.

    .. math:: \frac{1}{n} \sum \begin{cases} e^2 / 2 & |e| \le \delta \\
        \delta (|e| - \delta / 2) & |e| > \delta \end{cases}

    with :math:`e = \hat y - y`. Value and slope are continuous at the seam.
    Errors: ValueError for a delta that is not positive. Source: Huber (1964).

    >>> float(huber([0.5, 3.0], [0.0, 0.0]))
    1.3125
    """
    size = np.abs(prediction - target)
    return np.where(size <= delta, size**2 / 2, delta * (size - delta / 2))


@gradient(delta=positive)
def d_huber(prediction, target, delta=1.0):
    r"""Gradient of huber: the error, cut off at delta on both sides.

    .. math:: \frac{1}{n} \min(\delta, \max(-\delta, \hat y - y))

    >>> d_huber([0.5, 3.0], [0.0, 0.0])
    array([0.25, 0.5 ])
    """
    return np.clip(prediction - target, -delta, delta)


HUBER = Loss(
    title="Huber loss",
    value=huber,
    gradient=d_huber,
    minimised_by="where the errors, each cut at delta, add up to 0",
    noise="normal in the middle, exponential tails",
    slope_max=1.0,
    pytorch="torch.nn.functional.huber_loss(prediction, target, delta=1.0)",
    jax="optax.losses.huber_loss(prediction, target, delta=1.0).mean()",
    keras="keras.losses.Huber(delta=1.0)(target, prediction)",
)


@loss
def log_cosh(prediction, target):
    r"""Logarithm of the hyperbolic cosine: a Huber loss without a seam.

    .. math:: \frac{1}{n} \sum \log \cosh(\hat y - y)

    About :math:`e^2 / 2` for small errors e, :math:`|e| - \log 2` for large ones.
    Source: Green (1990).

    >>> float(log_cosh([1.0, 100.0], [0.0, 0.0]).round(4))
    49.8703
    """
    size = np.abs(prediction - target)
    # cosh e = 1 + 2 sinh²(e/2) keeps small errors exact, where cosh would round to 1.
    near = np.log1p(2 * np.sinh(np.minimum(size, 4) / 2) ** 2)
    far = size + (np.log1p(np.exp(-2 * size)) - np.log(size.dtype.type(2)))
    return np.where(size < 4, near, far)


@gradient
def d_log_cosh(prediction, target):
    r"""Gradient of log_cosh: the tanh of the error.

    .. math:: \frac{1}{n} \tanh(\hat y - y)

    >>> d_log_cosh([1.0, 100.0], [0.0, 0.0]).round(4)
    array([0.3808, 0.5   ])
    """
    return np.tanh(prediction - target)


LOG_COSH = Loss(
    title="Log-cosh loss",
    value=log_cosh,
    gradient=d_log_cosh,
    minimised_by="where the tanh of the errors adds up to 0",
    noise="hyperbolic secant",
    slope_max=1.0,
    # log(cosh(e)) itself overflows from about 90 on in float32.
    pytorch="(e + torch.nn.functional.softplus(-2 * e)).mean() - math.log(2),"
    " e = prediction - target",
    jax="optax.losses.log_cosh(prediction, target).mean()",
    keras="keras.losses.LogCosh()(target, prediction)",
)


@loss(level=between)
def quantile(prediction, target, level=0.5):
    r"""Quantile (pinball) loss: one price for predicting too little, another for too much.

    .. math:: \frac{1}{n} \sum \max(\tau u, (\tau - 1) u), \quad u = y - \hat y

    Smallest where a share :math:`\tau` (``level``) of the targets lies below the
    prediction; at level 0.5 it is half of mae.
    Errors: ValueError for a level outside 0 < level < 1. Source: Koenker and Bassett (1978).

    >>> float(quantile([0.0, 0.0], [10.0, -10.0], level=0.9).round(4))
    5.0
    >>> float(quantile([0.0], [10.0], level=0.9))
    9.0
    """
    short = target - prediction
    return np.where(short >= 0, level * short, (level - 1) * short)


@gradient(level=between)
def d_quantile(prediction, target, level=0.5):
    r"""Gradient of quantile: one size below the target, another above.

    .. math:: \frac{1}{n} \begin{cases} -\tau & \hat y < y \\ 1 - \tau & \hat y > y \end{cases}

    At the kink, prediction = target, it is 0 by convention.

    >>> d_quantile([0.0, 0.0], [10.0, -10.0], level=0.75)
    array([-0.375,  0.125])
    """
    sign = np.sign(prediction - target)
    return sign * np.where(sign < 0, level, 1 - level)


QUANTILE = Loss(
    title="Quantile loss",
    value=quantile,
    gradient=d_quantile,
    minimised_by="the quantile: a share `level` of the targets lies below",
    noise="asymmetric Laplace",
    slope_max=0.5,
    kink=True,
    pytorch="torch.maximum(level * u, (level - 1) * u).mean(), u = target - prediction",
    jax="jax.numpy.maximum(level * u, (level - 1) * u).mean(), u = target - prediction",
    keras="keras.ops.mean(keras.ops.maximum(level * u, (level - 1) * u)), u = target - prediction",
)
