"""Two real data sets, small enough to travel with the package. Nothing is downloaded.

Where each comes from, and its licence, stands in ``data/README.md``.
"""

import gzip
from importlib.resources import files

import numpy as np

__all__ = ["digits", "newcomb"]

_DATA = files("actlib") / "data"


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
