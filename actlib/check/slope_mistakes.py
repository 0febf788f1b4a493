"""Mistakes that readers make when they write the derivative of an activation.

As in value_mistakes.py: pairs of a wrong function and a hint.
"""

import numpy as np

from actlib.activations import ACTIVATIONS, sigmoid, softplus
from actlib.check.value_mistakes import SELU_ALPHA, SELU_SCALE, bell, share_below

exp, tanh, where = np.exp, np.tanh, np.where
PRODUCT = "the product rule gives two terms; one is missing"

SLOPES = {
    "identity": [(lambda x: x, "that is the value; a straight line has the same slope everywhere")],
    "step": [(lambda x: where(x == 0, np.inf, 0.0), "at the jump the convention is 0")],
    "sigmoid": [
        (lambda x: x * (1 - x), "in s (1 - s) the s is sigmoid(x), not x"),
        (lambda x: sigmoid(x) ** 2, "the second factor is 1 - sigmoid(x)"),
        (lambda x: 1 - sigmoid(x), "the first factor, sigmoid(x), is missing (in the form with "
         "exp(-x), the divisor is squared)"),
        (lambda x: 1 - sigmoid(x) ** 2, "1 - s² is tanh's rule; the sigmoid's is s (1 - s)"),
        (lambda x: sigmoid(x) * (1 + sigmoid(x)), "a minus: s (1 - s)"),
        (lambda x: sigmoid(x) - 1, "the derivative is s (1 - s)"),
        (lambda x: sigmoid(x) * (sigmoid(x) - 1), "the sign: s (1 - s), which is never negative"),
        (lambda x: sigmoid(x) * 1 - sigmoid(x), "brackets: s * (1 - s)"),
        (lambda x: sigmoid(x) * (1 - x), "in both factors stands sigmoid(x)"),
    ],
    "log_sigmoid": [
        (lambda x: sigmoid(x), "1 - sigmoid(x), or sigmoid(-x): it falls from 1 to 0"),
        (lambda x: 1 / sigmoid(x), "chain rule: 1 / s times the derivative of s"),
        (lambda x: ACTIVATIONS["sigmoid"].df(x), "chain rule: the logarithm adds the factor 1 / s"),
    ],
    "hard_sigmoid": [
        (lambda x: where(np.abs(x) < 3, 0.2, 0.0), "the slope is 1/6; 0.2 is that of old Keras"),
        (lambda x: np.full_like(x, 1 / 6), "beyond -3 and 3 the function is flat"),
        (lambda x: where(np.abs(x) < 3, 1.0, 0.0), "the ramp climbs 1 over a width of 6"),
    ],
    "tanh": [
        (lambda x: 1 - x**2, "in 1 - t² the t is tanh(x), not x"),
        (lambda x: 1 - tanh(x), "the square is missing: 1 - tanh(x)**2"),
        (lambda x: tanh(x) * (1 - tanh(x)), "s (1 - s) is the sigmoid's rule; tanh's is 1 - t²"),
        (lambda x: 1 + tanh(x) ** 2, "a minus: 1 - tanh(x)**2"),
        (lambda x: (1 - tanh(x)) ** 2, "only tanh is squared: 1 - tanh(x)**2"),
        (lambda x: tanh(x) ** 2, "subtract it from 1"),
        (lambda x: tanh(x) ** 2 - 1, "the sign: 1 - tanh(x)**2, which is never negative"),
        (lambda x: 1 - tanh(x**2), "the value is squared, not x"),
    ],
    "hard_tanh": [
        (lambda x: np.ones_like(x), "beyond -1 and 1 the function is flat"),
        (lambda x: where(x < 1, 1.0, 0.0), "below -1 it is flat too"),
        (lambda x: where((x > 0) & (x < 1), 1.0, 0.0), "the slope is 1 from -1 on"),
    ],
    "softsign": [
        (lambda x: 1 / (1 + np.abs(x)), "the divisor is squared: (1 + |x|)**2"),
        (lambda x: 1 / (1 + x) ** 2, "take the absolute value: (1 + |x|)**2"),
        (lambda x: 1 / (1 + x**2), "square the whole bracket: (1 + |x|)**2"),
        (lambda x: -1 / (1 + np.abs(x)) ** 2, "the sign: softsign rises everywhere"),
        (lambda x: np.sign(x) / (1 + np.abs(x)) ** 2, "the derivative is positive on both sides"),
    ],
    "relu": [
        (lambda x: np.ones_like(x), "below 0 the function is flat: slope 0"),
        (lambda x: where(x > 0, 0.0, 1.0), "the two sides are exchanged"),
        (np.sign, "below 0 the function is flat: slope 0, not -1"),
        (lambda x: np.zeros_like(x), "above 0 the slope is 1"),
    ],
    "relu6": [
        (lambda x: where(x > 0, 1.0, 0.0), "above 6 the function is flat again"),
        (lambda x: where(x < 6, 1.0, 0.0), "below 0 the function is flat: slope 0"),
    ],
    "leaky_relu": [
        (lambda x, negative_slope=0.01: where(x > 0, 1.0, 0.0), "below 0 the slope is "
         "negative_slope, not 0"),
        (lambda x, negative_slope=0.01: where(x > 0, 1.0, negative_slope * x), "the derivative of "
         "negative_slope * x is negative_slope"),
        (lambda x, negative_slope=0.01: where(x > 0, x, negative_slope), "the slope of x is 1"),
        (lambda x, negative_slope=0.01: where(x > 0, 1.0, -negative_slope), "no minus: the line "
         "rises on both sides"),
        (lambda x, negative_slope=0.01: where(x > 0, negative_slope, 1.0), "the two sides are "
         "exchanged"),
    ],
    "prelu": [
        (lambda x, slope=0.25: where(x > 0, 1.0, 0.0), "below 0 the slope is not 0"),
        (lambda x, slope=0.25: where(x > 0, 1.0, slope * x), "the slope of slope * x is slope"),
        (lambda x, slope=0.25: where(x > 0, 0.0, x), "that is the derivative by the slope; the one "
         "by x is asked"),
    ],
    "elu": [
        (lambda x, alpha=1.0: where(x > 0, 1.0, alpha * (exp(x) - 1)), "the derivative of exp(x) - "
         "1 is exp(x)"),
        (lambda x, alpha=1.0: where(x > 0, x, alpha * exp(x)), "the derivative of x is 1"),
        (lambda x, alpha=1.0: alpha * exp(x), "above 0 the slope is 1"),
        (lambda x, alpha=1.0: where(x > 0, 1.0, 0.0), "below 0 the slope is alpha * exp(x)"),
        (lambda x, alpha=1.0: where(x > 0, 1.0, -alpha * exp(x)), "no minus: ELU rises everywhere"),
        (lambda x, alpha=1.0: where(x > 0, 1.0, ACTIVATIONS["elu"](x, alpha=alpha) + 1),
         "in terms of the value the slope is value + alpha"),
    ],
    "selu": [
        (lambda x: where(x > 0, 1.0, SELU_SCALE * SELU_ALPHA * exp(x)), "above 0 the slope is "
         "1.0507"),
        (lambda x: where(x > 0, 1.0, SELU_ALPHA * exp(x)), "the factor 1.0507 is in both slopes"),
        (lambda x: where(x > 0, 1.0, exp(x)), "that is ELU's: both constants are missing"),
        (lambda x: SELU_SCALE * where(x > 0, 1.0, SELU_ALPHA * (exp(x) - 1)), "the derivative of "
         "exp(x) - 1 is exp(x)"),
    ],
    "celu": [
        (lambda x, alpha=1.0: where(x > 0, 1.0, alpha * exp(x / alpha)), "chain rule: 1 / alpha "
         "from inside cancels alpha"),
        (lambda x, alpha=1.0: where(x > 0, 1.0, alpha * exp(x)), "that is ELU's derivative"),
        (lambda x, alpha=1.0: where(x > 0, 1.0, exp(x / alpha) / alpha), "alpha before the bracket "
         "cancels 1 / alpha"),
        (lambda x, alpha=1.0: where(x > 0, 1.0, exp(x / alpha) - 1), "the - 1 falls away"),
    ],
    "softplus": [
        (lambda x, beta=1.0: beta * sigmoid(beta * x), "chain rule: beta from inside cancels "
         "1 / beta"),
        (lambda x, beta=1.0: sigmoid(-beta * x), "the sign of x: sigmoid(x) rises from 0 to 1"),
        (lambda x, beta=1.0: sigmoid(beta * x) * sigmoid(-beta * x), "one derivative is enough: "
         "softplus' is the sigmoid itself"),
        (lambda x, beta=1.0: where(x > 0, 1.0, 0.0), "that is ReLU's; softplus turns smoothly"),
    ],
    "gelu": [
        (share_below, PRODUCT + ": x times the bell curve"),
        (lambda x: x * bell(x), PRODUCT + ": the distribution function"),
        (lambda x: share_below(x) + bell(x), "the second term is x times the bell curve"),
        (lambda x: share_below(x) - x * bell(x), "a plus between the two terms"),
        (lambda x: share_below(x) + x * share_below(x), "the second factor is the bell curve"),
        (lambda x: ACTIVATIONS["gelu_tanh"].df(x), "that is the derivative of the tanh form"),
    ],
    "gelu_tanh": [
        (lambda x: ACTIVATIONS["gelu"].df(x), "that is the derivative of the exact form"),
        (lambda x: 0.5 * (1 + tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))), PRODUCT),
    ],
    "silu": [
        (lambda x, beta=1.0: sigmoid(beta * x), PRODUCT + ": x s (1 - s)"),
        (lambda x, beta=1.0: beta * x * sigmoid(beta * x) * sigmoid(-beta * x), PRODUCT + ": s"),
        (lambda x, beta=1.0: sigmoid(beta * x) + sigmoid(beta * x) * sigmoid(-beta * x),
         "the second term has the factor x: s + x s (1 - s)"),
        (lambda x, beta=1.0: sigmoid(beta * x) * sigmoid(-beta * x), "the product rule is needed: "
         "s + x s (1 - s)"),
        (lambda x, beta=1.0: sigmoid(beta * x) - beta * x * sigmoid(beta * x) * sigmoid(-beta * x),
         "a plus between the two terms"),
        (lambda x, beta=1.0: sigmoid(beta * x) + x * sigmoid(beta * x) * sigmoid(-beta * x),
         "chain rule: the second term has the factor beta"),
    ],
    "hard_swish": [
        (lambda x: np.clip(x + 3, 0, 6) / 6, PRODUCT + ": x / 6 between -3 and 3"),
        (lambda x: where(np.abs(x) < 3, x / 6, 0.0), PRODUCT + ": the gate"),
        (lambda x: where(np.abs(x) < 3, (2 * x + 3) / 6, 0.0), "above 3 the value is x: slope 1"),
        (lambda x: (2 * x + 3) / 6, "outside -3 to 3 the slope is 0 on the left, 1 on the right"),
    ],
    "mish": [
        (lambda x: tanh(softplus(x)), PRODUCT + ": x times the derivative of tanh(softplus(x))"),
        (lambda x: tanh(softplus(x)) + x * (1 - tanh(softplus(x)) ** 2), "chain rule: the second "
         "term has the factor sigmoid(x), the derivative of softplus"),
        (lambda x: x * sigmoid(x) * (1 - tanh(softplus(x)) ** 2), PRODUCT + ": tanh(softplus(x))"),
        (lambda x: tanh(softplus(x)) + sigmoid(x) * (1 - tanh(softplus(x)) ** 2), "the second term "
         "has the factor x"),
    ],
}  # fmt: skip
