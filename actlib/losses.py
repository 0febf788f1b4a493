"""Every loss of the course, with the record of what is known of it.

Softmax and its relatives are in logits.py, losses for numbers in regression.py, entropy
and divergence in information.py, losses for classes in classification.py; all of them can
be imported from here. A record calls ``value(prediction, target)`` and ``gradient``; both
take ``runs``, the number of leading run axes that are kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from actlib.classification import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy_with_logits,
    d_binary_cross_entropy,
    d_binary_cross_entropy_with_logits,
    d_categorical_cross_entropy,
    d_cross_entropy_with_logits,
    d_focal,
    d_hinge,
    d_label_smoothing,
    focal,
    hinge,
    label_smoothing,
    smooth_labels,
)
from actlib.information import (
    cross_entropy,
    d_cross_entropy,
    d_entropy,
    d_kl_divergence,
    entropy,
    kl_divergence,
)
from actlib.logits import (
    d_log_softmax,
    d_log_sum_exp,
    d_softmax,
    log_softmax,
    log_sum_exp,
    one_hot,
    softmax,
    softmax_jacobian,
)
from actlib.regression import (
    d_huber,
    d_log_cosh,
    d_mae,
    d_mse,
    d_quantile,
    d_rmse,
    huber,
    log_cosh,
    mae,
    mse,
    quantile,
    rmse,
)


@dataclass(frozen=True, eq=False)
class Loss:
    """A loss and its facts, in one place.

    Calling the record calls ``value``; ``record.gradient`` is the gradient of that mean, by
    the prediction. Formulas are of one example, LaTeX without dollar signs.

    >>> from actlib.losses import LOSSES
    >>> mse = LOSSES["mse"]
    >>> float(mse([1.0, 2.0], [0.0, 4.0]))
    2.5
    >>> mse.gradient([1.0, 2.0], [0.0, 4.0])
    array([ 1., -2.])
    """

    name: str
    title: str
    value: Callable
    gradient: Callable
    formula: str
    dformula: str
    minimised_by: str  # what a constant prediction should be
    noise: str  # the noise for which minus the log-likelihood is this loss
    takes: str  # what the prediction is: "real", "logits" or "probabilities"
    target: str  # what the target may be
    source: str  # key in book/references.bib
    pytorch: str
    jax: str
    keras: str
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, prediction, target, **parameters):
        return self.value(prediction, target, **parameters)

    def card(self):
        """Return the facts as text, one to a line, to be printed."""
        return card(self)


def card(record):
    """Return the facts of a loss as text, one to a line, to be printed.

    >>> from actlib.losses import LOSSES, card
    >>> print(card(LOSSES["mse"]))  # doctest: +ELLIPSIS
    Mean squared error
      value          mse(prediction, target)
      gradient       d_mse(prediction, target)
      prediction     real
      ...
    """
    arguments = "".join(f", {name}={value:g}" for name, value in record.parameters.items())
    rows = [
        ("value", f"{record.value.__name__}(prediction, target{arguments})"),
        ("gradient", f"{record.gradient.__name__}(prediction, target{arguments})"),
        ("prediction", record.takes),
        ("target", record.target),
        ("minimised by", record.minimised_by),
        ("noise", record.noise),
        ("PyTorch", record.pytorch),
        ("JAX", record.jax),
        ("Keras", record.keras),
        ("source", record.source),
    ]
    return "\n".join([record.title, *(f"  {label:<13}  {text}" for label, text in rows)])


MSE = Loss(
    name="mse",
    title="Mean squared error",
    value=mse,
    gradient=d_mse,
    formula=r"(\hat y - y)^2",
    dformula=r"2 (\hat y - y)",
    minimised_by="the mean of the targets",
    noise="normal, the same spread everywhere",
    takes="real",
    target="real numbers",
    source="legendre1805",
    pytorch="torch.nn.functional.mse_loss(prediction, target)",
    jax="optax.losses.squared_error(prediction, target).mean()",
    keras="keras.losses.MeanSquaredError()(target, prediction)",
)

RMSE = Loss(
    name="rmse",
    title="Root mean squared error",
    value=rmse,
    gradient=d_rmse,
    formula=r"\sqrt{\textstyle\frac{1}{n}\sum(\hat y - y)^2}",
    dformula=r"\frac{\hat y - y}{n \cdot \mathrm{rmse}}",
    minimised_by="the mean of the targets",
    noise="normal, of unknown spread: its best estimate is the rmse",
    takes="real",
    target="real numbers",
    source="hodson2022",
    pytorch="torch.sqrt(torch.nn.functional.mse_loss(prediction, target))",
    jax="jax.numpy.sqrt(optax.losses.squared_error(prediction, target).mean())",
    keras="keras.metrics.RootMeanSquaredError()(target, prediction)",
)

MAE = Loss(
    name="mae",
    title="Mean absolute error",
    value=mae,
    gradient=d_mae,
    formula=r"|\hat y - y|",
    dformula=r"\mathrm{sign}(\hat y - y)",
    minimised_by="the median of the targets",
    noise="Laplace (two exponentials back to back)",
    takes="real",
    target="real numbers",
    source="laplace1774",
    pytorch="torch.nn.functional.l1_loss(prediction, target)",
    jax="jax.numpy.abs(prediction - target).mean()",
    keras="keras.losses.MeanAbsoluteError()(target, prediction)",
)

HUBER = Loss(
    name="huber",
    title="Huber loss",
    value=huber,
    gradient=d_huber,
    formula=r"\begin{cases} \frac{1}{2} e^2 & |e| \le \delta \\"
    r" \delta (|e| - \frac{1}{2}\delta) & |e| > \delta \end{cases}, \quad e = \hat y - y",
    dformula=r"\max(-\delta, \min(\delta, e))",
    parameters={"delta": 1.0},
    minimised_by="where the errors, each cut at delta, add up to 0",
    noise="normal in the middle, exponential tails",
    takes="real",
    target="real numbers",
    source="huber1964",
    pytorch="torch.nn.functional.huber_loss(prediction, target, delta=1.0)",
    jax="optax.losses.huber_loss(prediction, target, delta=1.0).mean()",
    keras="keras.losses.Huber(delta=1.0)(target, prediction)",
)

LOG_COSH = Loss(
    name="log_cosh",
    title="Log-cosh loss",
    value=log_cosh,
    gradient=d_log_cosh,
    formula=r"\log \cosh(\hat y - y)",
    dformula=r"\tanh(\hat y - y)",
    minimised_by="where the tanh of the errors adds up to 0",
    noise="hyperbolic secant",
    takes="real",
    target="real numbers",
    source="green1990",
    # log(cosh(e)) itself overflows from about 90 on in float32.
    pytorch="(e + torch.nn.functional.softplus(-2 * e)).mean() - math.log(2),"
    " e = prediction - target",
    jax="optax.losses.log_cosh(prediction, target).mean()",
    keras="keras.losses.LogCosh()(target, prediction)",
)

QUANTILE = Loss(
    name="quantile",
    title="Quantile loss",
    value=quantile,
    gradient=d_quantile,
    formula=r"\max(\tau u, (\tau - 1) u), \quad u = y - \hat y",
    dformula=r"\begin{cases} -\tau & \hat y < y \\ 1 - \tau & \hat y > y \end{cases}",
    parameters={"level": 0.5},
    minimised_by="the quantile: a share `level` of the targets lies below",
    noise="asymmetric Laplace",
    takes="real",
    target="real numbers",
    source="koenker1978",
    pytorch="torch.maximum(level * u, (level - 1) * u).mean(), u = target - prediction",
    jax="jax.numpy.maximum(level * u, (level - 1) * u).mean(), u = target - prediction",
    keras="keras.ops.mean(keras.ops.maximum(level * u, (level - 1) * u)), u = target - prediction",
)

BINARY_CROSS_ENTROPY = Loss(
    name="binary_cross_entropy",
    title="Binary cross-entropy",
    value=binary_cross_entropy,
    gradient=d_binary_cross_entropy,
    formula=r"-t \log q - (1 - t) \log (1 - q)",
    dformula=r"\frac{q - t}{q (1 - q)}",
    minimised_by="the share of ones among the targets",
    noise="Bernoulli (a coin with probability q)",
    takes="probabilities",
    target="numbers from 0 to 1",
    source="good1952",
    pytorch="torch.nn.functional.binary_cross_entropy(probability, target)",
    jax="none on probabilities: optax takes logits",
    keras="keras.losses.BinaryCrossentropy()(target, probability)",
)

BINARY_CROSS_ENTROPY_WITH_LOGITS = Loss(
    name="binary_cross_entropy_with_logits",
    title="Binary cross-entropy on logits",
    value=binary_cross_entropy_with_logits,
    gradient=d_binary_cross_entropy_with_logits,
    formula=r"t\,\mathrm{softplus}(-z) + (1 - t)\,\mathrm{softplus}(z)",
    dformula=r"\sigma(z) - t",
    minimised_by="the logit of the share of ones among the targets",
    noise="Bernoulli, with probability sigmoid(z)",
    takes="logits",
    target="numbers from 0 to 1",
    source="good1952",
    pytorch="torch.nn.functional.binary_cross_entropy_with_logits(logits, target)",
    jax="optax.losses.sigmoid_binary_cross_entropy(logits, target).mean()",
    keras="keras.losses.BinaryCrossentropy(from_logits=True)(target, logits)",
)

CATEGORICAL_CROSS_ENTROPY = Loss(
    name="categorical_cross_entropy",
    title="Categorical cross-entropy",
    value=categorical_cross_entropy,
    gradient=d_categorical_cross_entropy,
    formula=r"-\sum_k t_k \log q_k",
    dformula=r"-\frac{t_k}{q_k}",
    minimised_by="the share of each class among the targets",
    noise="categorical (a die with probabilities q)",
    takes="probabilities",
    target="class labels, one-hot rows or probabilities",
    source="bridle1990",
    pytorch="torch.nn.functional.nll_loss(torch.log(probabilities), labels)",
    jax="none on probabilities: optax takes logits",
    keras="keras.losses.CategoricalCrossentropy()(target, probabilities)",
)

CROSS_ENTROPY_WITH_LOGITS = Loss(
    name="cross_entropy_with_logits",
    title="Cross-entropy on logits",
    value=cross_entropy_with_logits,
    gradient=d_cross_entropy_with_logits,
    formula=r"\log \sum_j e^{z_j} - \sum_k t_k z_k",
    dformula=r"\mathrm{softmax}(z)_k - t_k",
    minimised_by="the logarithm of the share of each class, up to one constant",
    noise="categorical, with probabilities softmax(z)",
    takes="logits",
    target="class labels, one-hot rows or probabilities",
    source="bridle1990",
    pytorch="torch.nn.functional.cross_entropy(logits, target)",
    jax="optax.losses.softmax_cross_entropy(logits, target).mean()",
    keras="keras.losses.CategoricalCrossentropy(from_logits=True)(target, logits)",
)

LABEL_SMOOTHING = Loss(
    name="label_smoothing",
    title="Cross-entropy with label smoothing",
    value=label_smoothing,
    gradient=d_label_smoothing,
    formula=r"-\sum_k t'_k \log \mathrm{softmax}(z)_k,"
    r" \quad t' = (1 - \epsilon)\,t + \frac{\epsilon}{K}",
    dformula=r"\mathrm{softmax}(z)_k - t'_k",
    parameters={"smoothing": 0.1},
    minimised_by="the logarithm of the smoothed shares: always finite",
    noise="categorical, a share of the labels replaced at random",
    takes="logits",
    target="class labels, one-hot rows or probabilities",
    source="szegedy2016",
    pytorch="torch.nn.functional.cross_entropy(logits, target, label_smoothing=0.1)",
    jax="optax.losses.softmax_cross_entropy(logits, optax.smooth_labels(target, 0.1)).mean()",
    keras="keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)"
    "(target, logits)",
)

FOCAL = Loss(
    name="focal",
    title="Focal loss",
    value=focal,
    gradient=d_focal,
    formula=r"-\alpha_t (1 - q_t)^{\gamma} \log q_t, \quad q_1 = \sigma(z), q_0 = \sigma(-z)",
    dformula=r"\mp \alpha_t (1 - q_t)^{\gamma} \left[ (1 - q_t) - \gamma q_t \log q_t \right]",
    parameters={"gamma": 2.0, "alpha": 0.25},
    minimised_by="no plain statistic: it pulls probabilities towards 1/2",
    noise="none: it is no likelihood",
    takes="logits",
    target="0 or 1",
    source="lin2017",
    pytorch="torchvision.ops.sigmoid_focal_loss(logits, target, reduction='mean')",
    jax="optax.losses.sigmoid_focal_loss(logits, target, alpha=0.25, gamma=2.0).mean()",
    keras="keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, from_logits=True)"
    "(target, logits)",
)

HINGE = Loss(
    name="hinge",
    title="Hinge loss",
    value=hinge,
    gradient=d_hinge,
    formula=r"\max(0, 1 - t s)",
    dformula=r"\begin{cases} -t & t s < 1 \\ 0 & t s \ge 1 \end{cases}",
    minimised_by="the more frequent class, -1 or 1",
    noise="none: it is no likelihood",
    takes="real",
    target="-1 or 1",
    source="cortes1995",
    pytorch="torch.relu(1 - target * scores).mean()",
    jax="optax.losses.hinge_loss(scores, target).mean()",
    keras="keras.losses.Hinge()(target, scores)",
)

LOSSES = {
    record.name: record
    for record in (
        MSE,
        RMSE,
        MAE,
        HUBER,
        LOG_COSH,
        QUANTILE,
        BINARY_CROSS_ENTROPY,
        BINARY_CROSS_ENTROPY_WITH_LOGITS,
        CATEGORICAL_CROSS_ENTROPY,
        CROSS_ENTROPY_WITH_LOGITS,
        LABEL_SMOOTHING,
        FOCAL,
        HINGE,
    )
}

__all__ = [
    "LOSSES",
    "Loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "cross_entropy",
    "cross_entropy_with_logits",
    "d_binary_cross_entropy",
    "d_binary_cross_entropy_with_logits",
    "d_categorical_cross_entropy",
    "d_cross_entropy",
    "d_cross_entropy_with_logits",
    "d_entropy",
    "d_focal",
    "d_hinge",
    "d_huber",
    "d_kl_divergence",
    "d_label_smoothing",
    "d_log_cosh",
    "d_log_softmax",
    "d_log_sum_exp",
    "d_mae",
    "d_mse",
    "d_quantile",
    "d_rmse",
    "d_softmax",
    "entropy",
    "focal",
    "hinge",
    "huber",
    "kl_divergence",
    "label_smoothing",
    "log_cosh",
    "log_softmax",
    "log_sum_exp",
    "mae",
    "mse",
    "one_hot",
    "quantile",
    "rmse",
    "smooth_labels",
    "softmax",
    "softmax_jacobian",
]
