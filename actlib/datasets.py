"""The data of the chapters: two toy problems, and two real sets that travel with the package.

Nothing is downloaded. Where the real sets come from, and their licences, stands in
``data/README.md``.
"""

import gzip
from importlib.resources import files

import numpy as np

__all__ = ["digits", "newcomb", "spirals", "xor"]

_DATA = files("actlib") / "data"


def xor():
    """The four points of XOR and what each should give: shapes (4, 2) and (4, 1).

    >>> x, y = xor()
    >>> x.tolist(), y.ravel().tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0])
    """
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array([[0.0], [1.0], [1.0], [0.0]])


def spirals(rng, n=60, noise=0.08):
    """Two spiral arms wound into each other, n points in all: shapes (n, 2) and (n, 1).

    The first half of the points lies on the arm of class 0, the rest on the arm of class 1,
    which is the same arm turned by 180 degrees. ``rng`` draws where on its arm a point lies,
    and moves it off by normal noise of this standard deviation; the arms reach about 1 from 0.

    >>> x, y = spirals(np.random.default_rng(0), 100)
    >>> x.shape, y.shape, float(y.mean())
    ((100, 2), (100, 1), 0.5)
    """
    if n < 2 or n % 2:
        raise ValueError(f"n must be an even number of 2 or more, got {n!r}")
    arm = np.repeat([0, 1], n // 2)
    t = rng.uniform(0.3, 2.2, n)
    angle = 2.2 * t + np.pi * arm
    points = np.stack([t * np.cos(angle), t * np.sin(angle)], axis=1) / 2.2
    return points + rng.normal(0, noise, (n, 2)), arm[:, None].astype(float)


def digits():
    """Handwritten digits: ``(images, labels)``, of shapes (1797, 64) and (1797,).

    A row of ``images`` holds the 8 × 8 cells of one picture, row by row from the top left,
    each from 0 (paper) to 16 (ink), as float64; ``images.reshape(-1, 8, 8)`` gives the
    pictures back. ``labels`` are the digits 0 to 9, as whole numbers. The digits come from
    13 people, and who wrote which is not recorded: a random split puts one hand into both
    halves, and flatters the accuracy for a new hand.

    Source: Alpaydin and Kaynak (1998), the test set of the UCI collection. CC BY 4.0.

    >>> images, labels = digits()
    >>> images.shape, labels[:5]
    ((1797, 64), array([0, 1, 2, 3, 4]))
    """
    with _DATA.joinpath("digits.csv.gz").open("rb") as packed, gzip.open(packed, "rt") as lines:
        table = np.loadtxt(lines, delimiter=",", skiprows=1)
    return np.ascontiguousarray(table[:, :-1]), table[:, -1].astype(np.int64)


def newcomb():
    """Simon Newcomb's 66 timings of light, 1882: shape (66,), float64, in nanoseconds.

    Light went from Fort Myer to the Washington Monument and back, some 7,400 metres. A value
    is what the journey took beyond 24,800 ns; for today's speed of light Stigler gives 33.0.
    Two timings, −44 and −2, lie far from the others.

    Source: Newcomb (1891); this table in Stigler (1977).

    >>> times = newcomb()
    >>> times.size, times.min(), float(np.median(times))
    (66, np.float64(-44.0), 27.0)
    """
    with _DATA.joinpath("newcomb.csv").open() as lines:
        return np.loadtxt(lines, skiprows=1)
