"""The XOR atlas: which networks learn the four points, asked of 150,000 of them.

    python -m actlib.atlas                      makes the table, or goes on making it
    python -m actlib.atlas --tasks 10           does ten tasks more, estimates the rest
    python -m actlib.atlas --check 5            makes five tasks again and compares
    python -m actlib.atlas --scheduler ADDRESS  lets a Dask cluster do the work

A *cell* of the table is one activation, initialisation, depth, width and learning rate, with a
number of networks that differ in their starting weights. A *task* is all the learning rates of
one such choice, trained as one population.

Network r of a cell starts from its own generator, seeded by (seed, initialisation, depth, width,
r) and by nothing else. So all learning rates and all activations start from the same weights,
more networks leave the first ones as they are, and neither the order of the tasks nor who does
them can matter.

What is done is kept in the work folder, a line a task, written to the disk before it counts. The
file is named after the settings and versions, so results of different settings never meet.
Reading the table (:func:`read`) needs NumPy only; making it needs Dask, on one machine as on
many, and tqdm for the progress bar: ``pip install "actlib[atlas]"``.
"""

from actlib.atlas.grid import AXES, COLUMNS, Settings, train
from actlib.atlas.table import Atlas, check, read

__all__ = ["AXES", "COLUMNS", "Atlas", "Settings", "check", "read", "train"]
