"""Training: the loop that everything else was for.

``fit`` is quiet, changes nothing that it is given, and keeps only what it is asked to keep.
"""

from dataclasses import dataclass, field

import numpy as np

from actlib._arrays import as_float
from actlib._passes import sigmoid_into
from actlib.losses import LOSSES, Loss
from actlib.network import Gradients
from actlib.optimise import GradientDescent

# ---------------------------------------------------------------------------------------
# Losses inside the loop. A loss writes its gradient where backward starts: by the output,
# or by the last pre-activation. The common ones are written out, without the checks of
# actlib.losses, which have been made at the door; tests hold the two equal.
# ---------------------------------------------------------------------------------------


def _difference(output, target, out):
    np.subtract(output, target, out=out)
    np.divide(out, out.shape[-1] * out.shape[-2], out=out)


def _difference_of_logits(output, target, out):
    sigmoid_into(output, out)
    _difference(out, target, out)


def _doubled_difference(output, target, out):
    np.subtract(output, target, out=out)
    np.multiply(out, 2 / (out.shape[-1] * out.shape[-2]), out=out)


_FAST = {
    # (loss, the network's output) -> (where backward starts, gradient)
    ("binary_cross_entropy", "sigmoid"): ("pre_activation", _difference),
    ("binary_cross_entropy_with_logits", "identity"): ("output", _difference_of_logits),
    ("mse", "identity"): ("output", _doubled_difference),
    ("mse", "sigmoid"): ("output", _doubled_difference),
}


class _Loss:
    """A loss given by name, by its record, or as a pair of functions (value, gradient)."""

    def __init__(self, given, net, runs):
        self.keywords = {} if runs is None else {"runs": 1}
        name = given.name if isinstance(given, Loss) else given
        if isinstance(name, str):
            if name not in LOSSES:
                raise ValueError(f"unknown loss {name!r}; known: {', '.join(LOSSES)}")
            self.value, self.d_value = LOSSES[name].value, LOSSES[name].gradient
            key = (name, net.output if isinstance(net.output, str) else None)
        else:
            (self.value, self.d_value), key = given, None
        # On probabilities from a sigmoid the value is taken from the logits: exact in the
        # tails, where a probability of 1 would make the loss infinite.
        self.on_logits = key == ("binary_cross_entropy", "sigmoid")
        if self.on_logits:
            logits = LOSSES["binary_cross_entropy_with_logits"]
            self.value, self.d_value = logits.value, logits.gradient
        self.by, self.gradient = _FAST.get(key, ("output", self._checked_gradient))

    def check(self, trace, target):
        """Refuse a target that does not fit, before training starts."""
        self.of(trace, target)
        self.d_value(self._prediction(trace), target, **self.keywords)

    def _prediction(self, trace):
        return trace.z[-1] if self.on_logits else trace.a[-1]

    def _checked_gradient(self, output, target, out):
        out[...] = self.d_value(output, target, **self.keywords)

    def of(self, trace, target):
        return self.value(self._prediction(trace), target, **self.keywords)


# ---------------------------------------------------------------------------------------


class Moment:
    """What a callback sees: one step, after backward and before the update.

    ``step``, ``parameters``, ``trace``, ``gradients``, ``output``, ``target``, and ``loss``
    (worked out when asked for; one number, or one a run). The arrays are used again in the
    next step: copy what you keep.
    """

    def __init__(self, loss, step, parameters, trace, gradients, target):
        self._loss, self.step, self.parameters = loss, step, parameters
        self.trace, self.gradients, self.target = trace, gradients, target

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
    """Train a copy of the parameters and return a :class:`History`.

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
    measure : {name: function of a :class:`Moment`}, recorded at the same steps.
    callbacks : functions of a :class:`Moment`, called at every step before the update, and
        once more at the end. One that returns True ends the training there.

    Errors: ValueError for shapes that do not fit, an unknown loss, steps below 0.

    >>> from actlib.network import MLP
    >>> x, y = np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]])
    >>> net = MLP((1, 1), output="sigmoid")
    >>> start = net.parameters(np.random.default_rng(0))
    >>> history = fit(net, start, x, y, steps=500, every=100)
    >>> history.loss.shape, bool(history.loss[-1] < history.loss[0])
    ((6,), True)
    """
    if steps < 0 or (every is not None and every < 1):
        raise ValueError(f"steps must not be negative and every at least 1, got {steps}, {every}")
    parameters = parameters.copy()
    x, target = net._checked_input(parameters, x), _target(target, parameters)
    loss = _Loss(loss, net, parameters.runs)
    optimiser = optimiser or GradientDescent()
    state, values = optimiser.start(parameters.flat), parameters.flat
    recorder = _Recorder(every, measure or {})
    batches = _Batches(net, parameters, x, target, loss, batch_size, rng)
    watched = bool(callbacks) or every is not None

    with np.errstate(all="ignore"):  # a diverging run shows in its loss, not as a warning
        for step in range(steps + 1):
            trace, gradients, part = batches.next()
            forward, backward, start = trace._pass, gradients._pass, gradients._start
            forward.run()
            if step == steps and not watched:
                break
            loss.gradient(trace.a[-1], part, start)
            backward.run(loss.by)
            if watched:
                moment = Moment(loss, step, parameters, trace, gradients, part)
                ended = [callback(moment) for callback in callbacks]
                recorder(moment, last=step == steps or any(ended))
                if any(ended):
                    break
            if step < steps:
                optimiser.update(values, gradients.flat, state)
    return recorder.history(parameters, step)


def _target(target, parameters):
    labels = np.asarray(target).dtype.kind in "iub"  # labels stay whole numbers
    return np.asarray(target) if labels else as_float(target, "target").astype(parameters.dtype)


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


class _Batches:
    """Hand out (trace, gradients, target) with the input in place, the same arrays each time."""

    def __init__(self, net, parameters, x, target, loss, batch_size, rng):
        self.net, self.parameters, self.x, self.target = net, parameters, x, target
        self.loss, self.size, self.made = loss, x.shape[-2], {}
        self.batch_size, self.rng, self.order = batch_size, rng, np.arange(0)
        rows = target.shape[-2:] == (self.size, net.sizes[-1])  # else labels, one a point
        self.axis = -2 if rows else -1
        if batch_size is not None and (rng is None or batch_size < 1):
            raise ValueError("batch_size must be at least 1, and needs rng to draw batches")
        trace, _ = self._arrays(self.size)
        trace.a[0][...] = x
        trace._pass.run()
        loss.check(trace, target)

    def _arrays(self, batch):
        if batch not in self.made:
            trace = self.net._trace(self.parameters, np.zeros((batch, self.net.sizes[0])))
            gradients = Gradients(trace._pass)
            where = gradients.a if self.loss.by == "output" else gradients.z
            gradients._start = where[-1]
            self.made[batch] = trace, gradients
        return self.made[batch]

    def next(self):
        if self.batch_size is None:
            return *self.made[self.size], self.target
        if not self.order.size:
            self.order = self.rng.permutation(self.size)
        chosen, self.order = self.order[: self.batch_size], self.order[self.batch_size :]
        trace, gradients = self._arrays(len(chosen))
        trace.a[0][...] = np.take(self.x, chosen, axis=-2)
        return trace, gradients, np.take(self.target, chosen, axis=self.axis)
