"""Mistakes that readers make when they write an activation: what it gives, and a hint.

A mistake is written as readers write it, and recognised by what it gives, not by how it
looks. The first that fits is told. Mistakes of the derivatives are in slope_mistakes.py.
"""

import numpy as np

from actlib.activations import ACTIVATIONS, sigmoid, softplus

exp, tanh, where = np.exp, np.tanh, np.where
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
BRACKETS = "the divisor needs brackets: 1 / (1 + ...), as 1 / 1 + ... divides only the 1"


def bell(x):
    return exp(-x * x / 2) / np.sqrt(2 * np.pi)


def share_below(x):
    return np.where(x == 0, 0.5, ACTIVATIONS["gelu"](x) / np.where(x == 0, 1, x))


VALUES = {
    "identity": [
        (lambda x: np.ones_like(x), "that is the slope of the identity; the value is x itself"),
    ],
    "step": [
        (lambda x: where(x > 0, 1.0, 0.0), "in this course the step is 1 at x = 0 too: x >= 0"),
        (np.sign, "the step goes from 0 to 1, not from -1 to 1"),
        (lambda x: np.heaviside(x, 0.5), "in this course the step is 1 at x = 0, not 1/2"),
        (lambda x: np.maximum(x, 0), "above 0 the step is 1, whatever x is"),
        (lambda x: where(x >= 0, 0.0, 1.0), "the two sides are exchanged"),
    ],
    "sigmoid": [
        (lambda x: 1 / (1 + exp(x)), "the minus in the exponent is missing: exp(-x)"),
        (lambda x: 1 / 1 + exp(-x), BRACKETS),
        (lambda x: 1 / (1 - exp(-x)), "a plus stands in the divisor: 1 + exp(-x)"),
        (lambda x: exp(x) / 1 + exp(x), "the divisor needs brackets: exp(x) / (1 + exp(x))"),
        (tanh, "that is tanh, which goes from -1 to 1; the sigmoid goes from 0 to 1"),
        (lambda x: 1 / exp(-x), "the 1 + in the divisor is missing"),
    ],
    "log_sigmoid": [
        (lambda x: sigmoid(x), "the logarithm is missing"),
        (lambda x: np.log10(sigmoid(x)), "take the natural logarithm, np.log"),
        (lambda x: np.log2(sigmoid(x)), "take the natural logarithm, np.log"),
        (lambda x: softplus(x), "a minus inside and one outside: -log(1 + exp(-x))"),
        (lambda x: softplus(-x), "a probability has a negative logarithm: the minus is missing"),
    ],
    "hard_sigmoid": [
        (lambda x: np.clip(0.2 * x + 0.5, 0, 1), "the slope is 1/6; 0.2 is that of old Keras"),
        (lambda x: x / 6 + 0.5, "cut it off: nothing below 0 and nothing above 1"),
        (lambda x: np.clip(x + 3, 0, 6), "divide by 6 at the end"),
        (lambda x: np.clip(x, 0, 1), "the ramp runs from x = -3 to x = 3"),
        (sigmoid, "that is the smooth sigmoid; the hard one is made of straight lines"),
    ],
    "tanh": [
        (sigmoid, "that is the sigmoid, from 0 to 1; tanh goes from -1 to 1"),
        (lambda x: 2 * sigmoid(x) - 1, "the x is doubled too: 2 sigmoid(2x) - 1"),
        (lambda x: sigmoid(2 * x), "now stretch it: 2 sigmoid(2x) - 1"),
        (lambda x: (exp(x) + exp(-x)) / (exp(x) - exp(-x)), "divisor and dividend are exchanged"),
        (lambda x: exp(x) - exp(-x) / exp(x) + exp(-x), "dividend and divisor need brackets"),
        (np.tan, "np.tan is the tangent of an angle; the hyperbolic one is np.tanh"),
        (np.sinh, "divide by exp(x) + exp(-x)"),
    ],
    "hard_tanh": [
        (lambda x: np.clip(x, 0, 1), "the lower limit is -1"),
        (lambda x: x, "cut it off: nothing below -1 and nothing above 1"),
        (tanh, "that is the smooth tanh; the hard one is made of straight lines"),
        (np.sign, "between -1 and 1 the value is x itself"),
    ],
    "softsign": [
        (lambda x: x / (1 + x), "take the absolute value in the divisor: 1 + |x|"),
        (lambda x: x / (1 + x * x), "the divisor is 1 + |x|, without a square"),
        (lambda x: x / 1 + np.abs(x), "the divisor needs brackets: x / (1 + |x|)"),
        (lambda x: 1 / (1 + np.abs(x)), "x itself stands above the line"),
        (tanh, "that is tanh; softsign needs no exponential"),
    ],
    "relu": [
        (lambda x: np.minimum(x, 0), "that keeps the negative side; ReLU keeps the positive one"),
        (np.abs, "negative numbers become 0, not positive"),
        (lambda x: np.max(np.append(x, 0.0)), "np.max finds the largest of all; np.maximum(x, 0) "
         "compares number by number"),
        (lambda x: np.max(x, 0), "np.max finds the largest of all; np.maximum(x, 0) "
         "compares number by number"),
        (lambda x: x[x > 0], "numbers were left out; each must give an answer: np.maximum(x, 0)"),
        (lambda x: x, "negative numbers must become 0"),
        (lambda x: np.clip(x, 0, 1), "ReLU has no upper limit"),
        (lambda x: np.clip(x, 0, 6), "that is ReLU6; ReLU has no upper limit"),
        (lambda x: where(x > 0, x, 0.01 * x), "that is Leaky ReLU; ReLU is exactly 0 below 0"),
    ],
    "relu6": [
        (lambda x: np.maximum(x, 0), "the upper limit of 6 is missing"),
        (lambda x: np.minimum(x, 6), "the lower limit of 0 is missing"),
    ],
    "leaky_relu": [
        (lambda x, negative_slope=0.01: np.maximum(x, 0), "below 0 something leaks: "
         "negative_slope times x"),
        (lambda x, negative_slope=0.01: where(x > 0, negative_slope * x, x),
         "the small slope belongs to the negative side (of x and negative_slope * x "
         "take the larger)"),
        (lambda x, negative_slope=0.01: where(x > 0, x, -negative_slope * x),
         "x is negative there already: no minus before the slope"),
        (lambda x, negative_slope=0.01: where(x > 0, x, negative_slope),
         "below 0 the value is the slope times x, not the slope"),
        (lambda x, negative_slope=0.01: where(x > 0, x, 0.1 * x), "the usual slope is 0.01"),
    ],
    "prelu": [
        (lambda x, slope=0.25: np.maximum(x, 0), "below 0 the value is slope times x"),
        (lambda x, slope=0.25: where(x > 0, slope * x, x), "the slope is for negative x"),
        (lambda x, slope=0.25: where(x > 0, x, slope), "below 0 the value is the slope times x"),
        (lambda x, slope=0.25: where(x > 0, x, 0.01 * x), "slope is a parameter, 0.25 at first"),
    ],
    "elu": [
        (lambda x, alpha=1.0: where(x > 0, x, alpha * exp(x)), "the - 1 is missing: exp(x) - 1"),
        (lambda x, alpha=1.0: where(x > 0, x, alpha * (1 - exp(x))), "exp(x) - 1, not the other "
         "way round: below 0 the value is negative"),
        (lambda x, alpha=1.0: where(x > 0, x, alpha * (exp(-x) - 1)), "exp(x), without a minus: "
         "x is negative there already"),
        (lambda x, alpha=1.0: alpha * (exp(x) - 1), "above 0 the value is x itself"),
        (lambda x, alpha=1.0: where(x > 0, x, alpha * exp(x) - 1), "alpha multiplies the whole "
         "bracket: alpha * (exp(x) - 1)"),
        (lambda x, alpha=1.0: np.maximum(x, 0), "below 0 the value is alpha * (exp(x) - 1)"),
        (lambda x, alpha=1.0: where(x > 0, x, alpha * x), "below 0 an exponential is needed"),
        (lambda x, alpha=1.0: where(x > 0, alpha * x, alpha * (exp(x) - 1)),
         "alpha belongs to the negative side only"),
    ],
    "selu": [
        (lambda x: where(x > 0, x, SELU_ALPHA * (exp(x) - 1)), "the factor 1.0507 multiplies both "
         "sides"),
        (lambda x: where(x > 0, SELU_SCALE * x, SELU_ALPHA * (exp(x) - 1)), "the factor 1.0507 "
         "multiplies the negative side too"),
        (lambda x: where(x > 0, x, SELU_SCALE * SELU_ALPHA * (exp(x) - 1)), "the factor 1.0507 "
         "multiplies the positive side too"),
        (lambda x: SELU_SCALE * where(x > 0, x, exp(x) - 1), "alpha, 1.6733, is missing below 0"),
        (lambda x: where(x > 0, x, exp(x) - 1), "that is ELU: both constants are missing"),
    ],
    "celu": [
        (lambda x, alpha=1.0: where(x > 0, x, alpha * (exp(x) - 1)), "that is ELU: in CELU alpha "
         "divides x as well, exp(x / alpha)"),
        (lambda x, alpha=1.0: where(x > 0, x, exp(x / alpha) - 1), "alpha multiplies the bracket"),
        (lambda x, alpha=1.0: where(x > 0, x, alpha * exp(x / alpha)), "the - 1 is missing"),
    ],
    "softplus": [
        (lambda x, beta=1.0: x, "the 1 + is missing: log(1 + exp(x))"),
        (lambda x, beta=1.0: np.log10(1 + exp(beta * x)) / beta, "take the natural logarithm"),
        (lambda x, beta=1.0: np.log2(1 + exp(beta * x)) / beta, "take the natural logarithm"),
        (lambda x, beta=1.0: softplus(-x, beta), "exp(x), without a minus"),
        (lambda x, beta=1.0: np.maximum(x, 0), "that is ReLU; softplus is its smooth relative"),
        (lambda x, beta=1.0: 1 + exp(beta * x), "the logarithm is missing"),
        (lambda x, beta=1.0: beta * softplus(x, beta), "divide by beta at the end"),
        (lambda x, beta=1.0: softplus(x) / beta, "beta multiplies x inside as well"),
    ],
    "gelu": [
        (lambda x: ACTIVATIONS["gelu_tanh"](x), "that is the approximation with tanh; the exact "
         "one has the normal distribution (scipy.special.ndtr or erf)"),
        (lambda x: x * sigmoid(1.702 * x), "x * sigmoid(1.702 x) is a rough approximation"),
        (lambda x: share_below(x), "multiply by x"),
        (lambda x: x * bell(x), "the distribution function belongs here, not the bell curve"),
        (lambda x: x * sigmoid(x), "that is SiLU; GELU has the normal distribution"),
        (lambda x: x * (2 * share_below(np.sqrt(2) * x)) / 2, "erf takes x divided by "
         "the square root of 2"),
    ],
    "gelu_tanh": [
        (lambda x: ACTIVATIONS["gelu"](x), "that is the exact one; here the tanh form is asked"),
        (lambda x: x * sigmoid(1.702 * x), "that is the form with a sigmoid; tanh is asked"),
        (lambda x: 0.5 * x * (1 + tanh(np.sqrt(2 / np.pi) * x)), "the cubic term 0.044715 x³ is "
         "missing"),
        (lambda x: 0.5 * x * (1 + tanh(np.sqrt(2 / np.pi) * x + 0.044715 * x**3)),
         "the square root multiplies the whole bracket"),
        (lambda x: x * (1 + tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))), "the factor 1/2 "
         "is missing"),
    ],
    "silu": [
        (lambda x, beta=1.0: sigmoid(beta * x), "multiply by x"),
        (lambda x, beta=1.0: x * tanh(beta * x), "the gate is a sigmoid, not a tanh"),
        (lambda x, beta=1.0: x * sigmoid(-beta * x), "the minus in the exponent: the gate opens "
         "for large x"),
        (lambda x, beta=1.0: beta * x * sigmoid(beta * x), "beta stands inside the sigmoid only"),
        (lambda x, beta=1.0: x * sigmoid(x) ** 2, "the sigmoid comes once"),
    ],
    "hard_swish": [
        (lambda x: np.clip(x + 3, 0, 6) / 6, "multiply by x"),
        (lambda x: x * np.clip(x + 3, 0, 6), "divide by 6"),
        (lambda x: x * np.clip(0.2 * x + 0.5, 0, 1), "the gate has the slope 1/6, not 0.2"),
        (lambda x: x * (x + 3) / 6, "cut off the gate: nothing below 0 and nothing above 1"),
        (lambda x: x * sigmoid(x), "that is the smooth one; the hard gate is min(max(x + 3, 0), 6)"
         " / 6"),
    ],
    "mish": [
        (lambda x: x * tanh(exp(x)), "softplus is log(1 + exp(x)); the logarithm is missing"),
        (lambda x: tanh(softplus(x)), "multiply by x"),
        (lambda x: x * softplus(x), "tanh is missing: x * tanh(softplus(x))"),
        (lambda x: x * sigmoid(x), "that is SiLU; Mish has tanh(softplus(x)) in its place"),
        (lambda x: x * sigmoid(softplus(x)), "tanh, not sigmoid, of softplus"),
    ],
}  # fmt: skip
