"""The tasks of the activations and their derivatives, made from the registry."""

from dataclasses import replace

import numpy as np

from actlib.activations import ACTIVATIONS, d_prelu_slope
from actlib.check.slope_mistakes import SLOPES
from actlib.check.task import Mistake, Task, Trial
from actlib.check.value_mistakes import VALUES

GRID = np.array([1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 0.0, 3.5, -3.5, 0.1, 7.0, -7.0])
OTHER = {"negative_slope": 0.2, "slope": 0.5, "alpha": 0.5, "beta": 2.0}

BRANCHES = (
    "np.where computes both branches for every number: give exp only what is never positive, "
    "np.minimum(x, 0)"
)
STABLE = "take the large part out of the logarithm: max(x, 0) + log1p(exp(-|x|))"
OVERFLOW = {
    "elu": BRANCHES, "d_elu": BRANCHES, "selu": BRANCHES, "d_selu": BRANCHES, "celu": BRANCHES,
    "d_celu": BRANCHES, "softplus": STABLE, "mish": STABLE,
    "log_sigmoid": "for negative x: log sigmoid(x) = x - log1p(exp(x)); no exponent is positive",
    "tanh": "np.tanh takes care of this; by hand, exponentiate a number that is never positive, "
    "-2 |x|",
    "gelu_tanh": "np.tanh overflows nowhere; leave exp out",
}  # fmt: skip


def _general(record, slope):
    """Mistakes that make sense for every function of the registry."""
    f, df = record.f, record.df
    if not slope:
        return [
            (df, "that is the derivative; the function itself is asked"),
            (lambda x, **p: -f(x, **p), "the sign is the wrong way round"),
            (lambda x, **p: f(-x, **p), "x comes in with the wrong sign"),
            *_ignored(record, f),
        ]
    return [
        (f, "that is the function itself; its derivative is asked"),
        (lambda x, **p: df(f(x, **p), **p), "the derivative was taken at the output f(x); it is "
         "taken at x"),
        (lambda x, **p: -df(x, **p), "the sign is the wrong way round: look whether f rises"),
        (lambda x, **p: df(-x, **p), "x comes in with the wrong sign"),
        (lambda x, **p: df(x, **p) * x, "there is a factor x too many"),
        *_ignored(record, df),
    ]  # fmt: skip


def _ignored(record, function):
    """The parameter is there, but has no effect."""
    names = " and ".join(record.parameters)
    return [(lambda x, **p: function(x), f"{names} changes nothing: is it used?")] * bool(names)


def _trials(record, slope):
    usual = dict(record.parameters)
    at_kinks = record.kinks if slope else ()
    grid = GRID[~np.isin(GRID, at_kinks)]
    other = {name: OTHER.get(name, 2 * value) for name, value in usual.items()}
    matrix = np.array([[-2.0, -0.5, 0.25], [1.5, 2.5, 4.0]])
    whole = "an array of whole numbers cannot hold fractions: np.zeros_like(x, dtype=float)"

    def trial(aspect, x, parameters=usual, **more):
        return Trial(aspect, (x,), keywords=parameters, pointwise=True, **more)

    trials = [trial("values", grid)]
    if usual:
        trials.append(trial("parameters", grid, other))
    trials += [
        trial("integers", np.array([2, -2, 5, -5]), hint=whole),
        trial("shapes", 2.0, hint="one number in, one number out"),
        trial("shapes", matrix, hint="the answer has the shape of x"),
        trial("extremes", np.array([-1000.0])),
        trial("extremes", np.array([1000.0])),
    ]
    trials += [trial("kinks", np.array([kink]), accepted=_sides(record, kink)) for kink in at_kinks]
    trials += [
        trial("nan", np.array([np.nan]), hint="nan says that something went wrong before; "
              "np.maximum and arithmetic pass it on, comparisons do not"),
        trial("dtype", grid.astype(np.float32), tolerance=1e-4, floor=1e-5,
              hint=".astype(x.dtype) keeps the type"),
        trial("tails", np.array([-40.0, 40.0, -15.0, 15.0, -200.0]), tolerance=1e-9, floor=0.0,
              hint="far out the digits are lost: never subtract two numbers that are almost equal"),
    ]  # fmt: skip
    return tuple(trials)


def _sides(record, kink):
    low, high = sorted(float(record.df(kink + side)) for side in (-1e-9, 1e-9))
    return low, high


def tasks():
    """All tasks of the elementwise functions, by name."""
    made = {}
    for record in ACTIVATIONS.values():
        for slope in (False, True):
            function = record.df if slope else record.f
            name = f"d_{record.name}" if slope else record.name
            own = (SLOPES if slope else VALUES).get(record.name, [])
            default = Task.__dataclass_fields__["overflow"].default
            what = f"the derivative of {record.title}" if slope else record.title
            parameters = "".join(f", {p}={v:g}" for p, v in record.parameters.items())
            made[name] = Task(
                name,
                function,
                _trials(record, slope),
                tuple(Mistake(*pair) for pair in own),
                tuple(Mistake(*pair) for pair in _general(record, slope)),
                overflow=OVERFLOW.get(name, default),
                slope_of=record.f if slope else None,
                about=f"{what}: a function of (x{parameters}), x a number or an array",
            )
    for alias, name in (("swish", "silu"), ("d_swish", "d_silu")):
        made[alias] = replace(made[name], name=alias)
    made["d_prelu_slope"] = _by_slope(made["d_prelu"])
    return made


def _by_slope(d_prelu):
    """PReLU's derivative by its slope, which is learned."""
    wrong = [
        (lambda x: np.where(x > 0, 1.0, 0.25), "that is the derivative by x; the one by the slope "
         "is asked"),
        (lambda x: np.where(x > 0, 0.0, 1.0), "the derivative of slope * x by the slope is x"),
        (lambda x: x, "above 0 the slope plays no part: 0"),
        (lambda x: np.maximum(x, 0), "the two sides are exchanged"),
        (lambda x: np.maximum(-x, 0), "x, with its sign"),
    ]  # fmt: skip
    trials = [replace(t, keywords={}) for t in d_prelu.trials]
    trials = [t for t in trials if t.aspect not in ("kinks", "parameters")]
    about = "the derivative of PReLU by its slope: a function of (x), a number or an array"
    mistakes = tuple(Mistake(*pair) for pair in wrong)
    return Task("d_prelu_slope", d_prelu_slope, tuple(trials), mistakes, about=about)
