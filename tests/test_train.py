"""Training: against the loop written out, population against single runs, what is kept."""

import tracemalloc
from itertools import chain

import numpy as np
import pytest

from actlib.activations import ACTIVATIONS
from actlib.losses import LOSSES
from actlib.network import MLP
from actlib.optimise import Adam, GradientDescent, Momentum
from actlib.parameters import MANY_RUNS
from actlib.train import SolvedAt, fit

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
NET = MLP((2, 5, 5, 1), "tanh", "sigmoid")
POPULATIONS = [3, MANY_RUNS]


def start(net=NET, runs=None, seed=0):
    return net.parameters(np.random.default_rng(seed), runs=runs, bias=0.1)


def plain_descent(parameters, steps, rate):
    """The network above, trained as a page of a book would write it."""
    W = [w.copy() for w in parameters.W]
    b = [v.copy() for v in parameters.b]
    losses = []
    for _ in range(steps + 1):
        a = [X]
        for layer in range(3):
            z = a[-1] @ W[layer] + b[layer]
            a.append(np.tanh(z) if layer < 2 else 1 / (1 + np.exp(-z)))
        p = a[-1]
        losses.append(-(Y * np.log(p) + (1 - Y) * np.log(1 - p)).mean())
        d = (p - Y) / 4
        if len(losses) > steps:
            break
        for layer in (2, 1, 0):
            dW, db, d_a = a[layer].T @ d, d.sum(axis=0), d @ W[layer].T
            d = d_a * (1 - a[layer] ** 2)
            W[layer] -= rate * dW
            b[layer] -= rate * db
    return W, b, np.array(losses)


def test_equals_the_loop_written_out():
    history = fit(NET, start(), X, Y, optimiser=GradientDescent(0.5), steps=60, every=1)
    W, b, losses = plain_descent(start(), 60, 0.5)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-10)
    for layer in range(3):
        np.testing.assert_allclose(history.parameters.W[layer], W[layer], rtol=1e-9)
        np.testing.assert_allclose(history.parameters.b[layer], b[layer], rtol=1e-9)
    assert losses[-1] < losses[0] / 2


@pytest.mark.parametrize("batch_size", [None, 3], ids=["all points", "batches"])
@pytest.mark.parametrize(
    "optimiser", [GradientDescent(0.5), Momentum(0.1), Adam(0.05)], ids=lambda o: type(o).__name__
)
@pytest.mark.parametrize("runs", POPULATIONS)
def test_a_population_is_its_networks_one_by_one(runs, optimiser, batch_size):
    def train(parameters):
        rng = np.random.default_rng(7)
        return fit(
            NET, parameters, X, Y, optimiser=optimiser, steps=25, every=5,
            batch_size=batch_size, rng=rng,
        )  # fmt: skip

    population = start(runs=runs)
    together = train(population)
    assert together.loss.shape == (6, runs)
    for run in range(runs):
        alone = train(population.select(run))
        np.testing.assert_allclose(together.loss[:, run], alone.loss, rtol=1e-9)
        np.testing.assert_allclose(
            together.parameters.flat[run], alone.parameters.flat, rtol=1e-8, atol=1e-10
        )


@pytest.mark.parametrize("runs", [None, *POPULATIONS], ids=str)
def test_same_seed_same_result(runs):
    def train(seed):
        rng = np.random.default_rng(seed)
        parameters = NET.parameters(rng, "he", runs=runs)
        return fit(NET, parameters, X, Y, steps=20, every=5, batch_size=2, rng=rng)

    one, same, other = train(0), train(0), train(1)
    np.testing.assert_array_equal(one.parameters.flat, same.parameters.flat)
    np.testing.assert_array_equal(one.loss, same.loss)
    assert (one.loss != other.loss).any()


BCE = LOSSES["binary_cross_entropy"]


@pytest.mark.parametrize("output", ["sigmoid", ("sigmoid", {}), ACTIVATIONS["sigmoid"]], ids=type)
@pytest.mark.parametrize("loss", ["binary_cross_entropy", BCE], ids=type)
@pytest.mark.parametrize("runs", [None, *POPULATIONS], ids=str)
def test_cross_entropy_from_the_logits_is_that_of_the_probabilities(runs, loss, output):
    net = MLP((2, 5, 1), "tanh", output)
    given = fit(net, start(net, runs), X, Y, loss=loss, steps=30, every=3)
    pair = fit(net, start(net, runs), X, Y, loss=(BCE.value, BCE.gradient), steps=30, every=3)
    np.testing.assert_allclose(given.loss, pair.loss, rtol=1e-9)
    np.testing.assert_allclose(given.parameters.flat, pair.parameters.flat, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("runs", [None, 3, MANY_RUNS], ids=str)
@pytest.mark.parametrize("labels", [np.array([0, 1, 2, 1]), np.eye(3)[[0, 1, 2, 1]]], ids=np.ndim)
def test_classes(labels, runs):
    net = MLP((2, 8, 3), "tanh")
    history = fit(
        net, start(net, runs), X, labels, loss="cross_entropy_with_logits",
        optimiser=Adam(0.05), steps=400, every=400, batch_size=3, rng=np.random.default_rng(0),
    )  # fmt: skip
    guess = net.predict(history.parameters, X).argmax(axis=-1)
    assert (guess == [0, 1, 2, 1]).mean() > 0.9


def test_confident_and_wrong_has_a_finite_loss():
    """A probability that rounds to 1 has no logarithm of its complement; its logit has."""
    net = MLP((1, 1), output="sigmoid")
    parameters = net.parameters_from([[[1000.0]]], [[0.0]])
    history = fit(net, parameters, [[1.0]], [[0.0]], optimiser=GradientDescent(1), steps=1, every=1)
    assert history.loss[0] == 1000.0
    assert history.parameters.W[0] == 999.0


# -- what is kept -----------------------------------------------------------------------


def test_history():
    seen = []
    history = fit(
        NET, start(), X, Y, steps=25, every=10,
        measure={"size": lambda moment: np.abs(moment.parameters.flat).max()},
        callbacks=[lambda moment: seen.append(moment.step)],
    )  # fmt: skip
    assert history.steps.tolist() == [0, 10, 20, 25]
    assert history.loss.shape == history.records["size"].shape == (4,)
    assert history.steps_done == 25
    assert seen == list(range(26))
    assert history.records["size"][0] == np.abs(start().flat).max()
    assert history.records["size"][-1] == np.abs(history.parameters.flat).max()


def test_nothing_is_recorded_unasked():
    history = fit(NET, start(), X, Y, steps=5)
    assert history.loss.size == 0
    assert history.steps.size == 0
    assert history.steps_done == 5


def test_callbacks_change_nothing():
    quiet = fit(NET, start(), X, Y, steps=20)
    watched = fit(NET, start(), X, Y, steps=20, every=3, callbacks=[SolvedAt()])
    np.testing.assert_array_equal(quiet.parameters.flat, watched.parameters.flat)


def test_given_arrays_are_not_changed(capsys):
    parameters, x, y = start(), X.copy(), Y.copy()
    x.flags.writeable = y.flags.writeable = False
    fit(NET, parameters, x, y, steps=3)
    np.testing.assert_array_equal(parameters.flat, start().flat)
    assert capsys.readouterr().out == ""


def test_a_callback_ends_training():
    history = fit(NET, start(), X, Y, steps=50, every=4, callbacks=[lambda m: m.step == 7])
    assert history.steps_done == 7
    assert history.steps.tolist() == [0, 4, 7]
    np.testing.assert_array_equal(
        history.parameters.flat, fit(NET, start(), X, Y, steps=7).parameters.flat
    )


@pytest.mark.parametrize("runs", [None, *POPULATIONS], ids=str)
def test_solved_at_is_the_first_step_with_all_points_right(runs):
    solved = SolvedAt()
    right = []
    fit(
        NET, start(runs=runs), X, Y, optimiser=GradientDescent(1.0), steps=150,
        callbacks=[
            solved,
            lambda m: right.append(((m.output > 0.5) == (Y > 0.5)).all(axis=(-2, -1))),
        ],
    )  # fmt: skip
    right = np.array(right)
    expected = np.where(right.any(axis=0), right.argmax(axis=0), -1)
    np.testing.assert_array_equal(solved.step, expected)
    assert (expected > 0).any()


def test_training_stops_once_all_are_solved():
    solved = SolvedAt(stop=True)
    history = fit(NET, start(), X, Y, optimiser=Adam(0.05), steps=2000, callbacks=[solved])
    assert history.steps_done == solved.step < 2000


def test_memory_does_not_grow_with_the_steps():
    net = MLP((2, 3, 1), "tanh", "sigmoid")
    parameters = net.parameters(np.random.default_rng(0), runs=100)

    def peak(steps, **asked):
        tracemalloc.start()
        fit(net, parameters, X, Y, steps=steps, callbacks=[lambda moment: None], **asked)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(500)  # the first long run also pays, once, for what Python keeps for later ones
    assert peak(500) < peak(50) + 10_000
    assert peak(500, every=1) > peak(50) + 300_000  # the measure does see growth


# -- errors -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"loss": "mze"}, "unknown loss 'mze'"),
        ({"target": Y[:, 0]}, r"shape \(4,\), .* \(4, 1\): .* target\[..., None\]"),
        ({"target": Y[:, 0], "loss": "mse"}, r"target\[..., None\]"),
        ({"target": Y[:3]}, r"shape"),
        ({"target": 2 * Y}, r"\[0, 1\]"),
        ({"x": X[:, :1]}, r"x must have shape \(batch, 2\)"),
        ({"steps": -1}, "steps must not be negative"),
        ({"every": 0}, "every at least 1"),
        ({"batch_size": 0, "rng": np.random.default_rng(0)}, "batch_size must be at least 1"),
        ({"optimiser": GradientDescent(np.ones(3))}, "one number or one for each run"),
    ],
)
def test_wrong_arguments_are_refused(changes, message):
    arguments = {"x": X, "target": Y, "steps": 1, **changes}
    with pytest.raises(ValueError, match=message):
        fit(NET, start(), **arguments)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimiser": Adam}, r"optimiser must be an object such as Adam\(0.01\), got <class"),
        ({"optimiser": "adam"}, "optimiser must be an object .* got 'adam'"),
        ({"optimiser": 0.1}, "optimiser must be an object"),
        ({"loss": type(BCE)}, "loss must be a name of LOSSES, a record, or a pair .* got <class"),
        ({"loss": BCE.value}, "loss must be a name of LOSSES"),
        ({"loss": (BCE.value, None)}, "loss must be a name of LOSSES"),
        ({"loss": None}, "loss must be a name of LOSSES"),
        ({"steps": 1e3}, "steps must be a whole number, got 1000.0"),
        ({"every": 0.5}, "every must be a whole number"),
        ({"batch_size": 2, "rng": 0}, "rng must be a generator"),
        ({"batch_size": 2}, "rng must be a generator, .* got None"),
        ({"callbacks": SolvedAt()}, "callbacks must be a list of functions"),
        ({"measure": len}, "measure must be {name: function of a moment}"),
        ({"x": [["a", "b"]] * 4}, "expected real numbers, got str"),
        ({"target": [["a"]] * 4}, "target: expected real numbers, got str"),
    ],
)
def test_what_is_none_is_named(changes, message):
    with pytest.raises(TypeError, match=message):
        fit(NET, start(), **{"x": X, "target": Y, "steps": 1, **changes})


def test_divergence_is_in_the_loss_not_in_warnings(recwarn):
    net = MLP((2, 1))
    history = fit(
        net, start(net), X, 9 * Y, loss="mse", optimiser=GradientDescent(10.0), steps=999, every=1
    )
    assert not np.isfinite(history.loss[-1])
    assert not recwarn.list


@pytest.mark.parametrize("runs", [None, *POPULATIONS], ids=str)
def test_batches_go_through_all_points_in_a_new_order_each_time(runs):
    x = np.arange(10.0)[:, None]
    net, seen = MLP((1, 1)), []

    def look(moment):
        points = moment.trace.a[0] if runs is None else moment.trace.a[0][-1]
        np.testing.assert_array_equal(moment.target, 2 * points)  # still each with its own
        seen.append(points[:, 0].tolist())

    fit(
        net, start(net, runs), x, 2 * x, loss="mse", optimiser=GradientDescent(1e-3), steps=7,
        batch_size=4, rng=np.random.default_rng(0), callbacks=[look],
    )  # fmt: skip
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2, 4, 4]
    first, second = [*chain(*seen[:3])], [*chain(*seen[3:6])]
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second
    assert first != sorted(first)
