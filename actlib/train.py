"""Training: the loop that everything else was for.

``fit`` is quiet, changes nothing that it is given, and keeps only what it is asked to keep.
"""

from dataclasses import dataclass, field

import numpy as np

from actlib._arrays import as_float, whole
from actlib.activations import ACTIVATIONS
from actlib.initialise import only_generator
from actlib.losses import LOSSES, Loss
from actlib.optimise import GradientDescent


class Moment:
    """What a callback sees: one step, after backward and before the update.

    ``step``, ``parameters``, ``trace``, ``gradients``, ``output``, ``target``, and ``loss``
    (worked out when asked for; one number, or one a run). ``parameters`` are changed by the
    update that follows: copy what you keep of them. Everything else is made anew each step.
    """

    def __init__(self, step, parameters, trace, gradients, target, loss):
        self.step, self.parameters, self.trace = step, parameters, trace
        self.gradients, self.target, self._loss = gradients, target, loss

    @property
    def output(self):
        return self.trace.a[-1]

    @property
    def loss(self):
        return self._loss.of(self.trace, self.target)


@dataclass
class History:
    """What training leaves: the trained ``parameters``, and the records that were asked for.

    ``steps`` are the steps at which something was recorded, ``loss`` the losses there, of
    shape (records,) or (records, runs), and ``records[name]`` whatever ``measure`` named,
    all before the update of that step. The last record is the state after the last step.
    """

    parameters: object
    steps_done: int = 0
    steps: np.ndarray = field(default_factory=lambda: np.zeros(0, int))
    loss: np.ndarray = field(default_factory=lambda: np.zeros(0))
    records: dict = field(default_factory=dict)


class SolvedAt:
    """A callback that notes the first step at which every point is on the right side.

    ``step`` is that step for each run, or -1 so far. With ``stop`` training ends once all
    runs are solved. ``threshold`` is 0.5 for probabilities and 0 for logits.
    """

    def __init__(self, threshold=0.5, every=1, stop=False):
        self.threshold, self.every, self.stop, self.step = threshold, every, stop, None

    def __call__(self, moment):
        if moment.step % self.every:
            return False
        right = (moment.output > self.threshold) == (moment.target > 0.5)
        solved = right.all(axis=(-2, -1))
        if self.step is None:
            self.step = np.full(solved.shape, -1)
        self.step[...] = np.where((self.step < 0) & solved, moment.step, self.step)
        return self.stop and bool((self.step >= 0).all())


def fit(
    net, parameters, x, target, *, loss="binary_cross_entropy", optimiser=None, steps=1000,
    batch_size=None, rng=None, every=None, measure=None, callbacks=(),
):  # fmt: skip
    """Train a copy of the parameters and return a :class:`.History`.

    Parameters
    ----------
    net, parameters : an MLP and its weights, of one network or of a population.
    x, target : the data, (batch, n_in) and (batch, n_out), for all runs, or with a run axis.
    loss : a name of LOSSES, a record, or a pair (value, gradient); in a population both are
        called with ``runs=1``, and the value keeps one number a run.
    optimiser : default ``GradientDescent(0.1)``.
    steps : updates to make.
    batch_size, rng : draw batches, in a new random order each time through the data.
    every : record the loss at steps 0, every, 2·every, … and at the end. Without it nothing
        is recorded, and memory does not grow with the steps.
    measure : {name: function of a :class:`.Moment`}, recorded at the same steps.
    callbacks : functions of a :class:`.Moment`, called at every step before the update, and
        once more at the end. One that returns True ends the training there.

    Errors: ValueError for shapes that do not fit, an unknown loss, steps below 0, TypeError
    for a loss, optimiser, rng or callback that is none.

    >>> from actlib.network import MLP
    >>> x, y = np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]])
    >>> net = MLP((1, 1), output="sigmoid")
    >>> start = net.parameters(np.random.default_rng(0))
    >>> history = fit(net, start, x, y, steps=500, every=100)
    >>> history.loss.shape, bool(history.loss[-1] < history.loss[0])
    ((6,), True)
    """
    _check(steps, every, batch_size, rng, optimiser, measure, callbacks)
    optimiser = optimiser or GradientDescent()
    trace = net.forward(parameters, x)[1]
    parameters = parameters.copy()
    x = as_float(x).astype(parameters.dtype, copy=False)
    loss, target = _Loss(loss, net, parameters), _target(target, parameters)
    loss.check(trace, target)

    state, recorder = optimiser.start(parameters.flat), _Recorder(every, measure or {})
    batches = _batches(x, target, trace.a[-1].shape, batch_size, rng)
    watched = bool(callbacks) or every is not None
    with np.errstate(all="ignore"):  # a diverging run shows in its loss, not as a warning
        for step, (points, goals) in zip(range(steps + 1), batches):
            if step == steps and not watched:
                break
            _, trace = net.forward(parameters, points)
            gradients = net.backward(trace, loss.gradient(trace, goals), by=loss.by)
            moment = Moment(step, parameters, trace, gradients, goals, loss)
            ended = [callback(moment) for callback in callbacks]
            recorder(moment, last=step == steps or any(ended))
            if any(ended):
                break
            if step < steps:
                optimiser.update(parameters.flat, gradients.flat, state)
    return recorder.history(parameters, step)


class _Loss:
    """A loss given by name, by its record, or as a pair of functions (value, gradient)."""

    def __init__(self, given, net, parameters):
        if isinstance(given, str):
            if given not in LOSSES:
                raise ValueError(f"unknown loss {given!r}; known: {', '.join(LOSSES)}")
            given = LOSSES[given]
        self.by, self.labels = "output", True
        if isinstance(given, Loss):
            self.labels = "labels" in given.target
            sigmoid = net.layers[-1].activation is ACTIVATIONS["sigmoid"]
            if sigmoid and given is LOSSES["binary_cross_entropy"]:
                given, self.by = LOSSES["binary_cross_entropy_with_logits"], "pre_activation"
            given = given.value, given.gradient
        if not (isinstance(given, tuple) and len(given) == 2 and all(map(callable, given))):
            raise TypeError(
                "loss must be a name of LOSSES, a record, or a pair of functions "
                f"(value, gradient), got {given!r}"
            )
        self.value, self.slope = given
        self.runs = {} if parameters.runs is None else {"runs": 1}

    def check(self, trace, target):
        """Refuse a target that does not fit, before training starts."""
        output = trace.a[-1].shape
        if not self.labels and output[-1] == 1 and target.shape in (output[-2:-1], output[:-1]):
            raise ValueError(
                f"target has shape {target.shape}, the network's output {output}: give it the "
                "axis of units too, target[..., None]"
            )
        self.of(trace, target)
        self.gradient(trace, target)

    def of(self, trace, target):
        prediction = trace.a[-1] if self.by == "output" else trace.z[-1]
        return self.value(prediction, target, **self.runs)

    def gradient(self, trace, target):
        """By the output, or, of cross-entropy on a sigmoid, by the last pre-activation.

        There it is q - p, and the value is finite also where a probability has become 1.
        """
        output = trace.a[-1]
        if self.by == "pre_activation":
            return (output - target) / (output.shape[-2] * output.shape[-1])
        return self.slope(output, target, **self.runs)


class _Recorder:
    def __init__(self, every, measure):
        self.every, self.measure = every, {"loss": lambda moment: moment.loss, **measure}
        self.steps, self.kept = [], {name: [] for name in self.measure}

    def __call__(self, moment, last):
        if self.every is None or (moment.step % self.every and not last):
            return
        self.steps.append(moment.step)
        for name, function in self.measure.items():
            self.kept[name].append(np.array(function(moment)))

    def history(self, parameters, steps_done):
        kept = {name: np.array(values) for name, values in self.kept.items()}
        return History(parameters, steps_done, np.array(self.steps, int), kept.pop("loss"), kept)


def _batches(x, target, output, batch_size, rng):
    """The points and targets of each step, without end."""
    while batch_size is None:
        yield x, target
    axis = -2 if target.shape[-2:] == output[-2:] else -1  # else labels, one a point
    while True:
        order = rng.permutation(x.shape[-2])
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            yield np.take(x, chosen, axis=-2), np.take(target, chosen, axis=axis)


def _target(target, parameters):
    labels = np.asarray(target).dtype.kind in "iub"  # labels stay whole numbers
    return np.asarray(target) if labels else as_float(target, "target").astype(parameters.dtype)


def _check(steps, every, batch_size, rng, optimiser, measure, callbacks):
    if whole(steps, "steps") < 0 or (every is not None and whole(every, "every") < 1):
        raise ValueError(f"steps must not be negative and every at least 1, got {steps}, {every}")
    if batch_size is not None:
        if whole(batch_size, "batch_size") < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        only_generator(rng, "with batch_size, rng")
    if isinstance(optimiser, type) or not (optimiser is None or hasattr(optimiser, "update")):
        raise TypeError(f"optimiser must be an object such as Adam(0.01), got {optimiser!r}")
    if not isinstance(callbacks, list | tuple) or not all(map(callable, callbacks)):
        raise TypeError(f"callbacks must be a list of functions of a moment, got {callbacks!r}")
    if measure is not None and not (
        isinstance(measure, dict) and all(map(callable, measure.values()))
    ):
        raise TypeError(f"measure must be {{name: function of a moment}}, got {measure!r}")
