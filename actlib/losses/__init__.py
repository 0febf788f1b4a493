"""The losses of the course, their gradients, and the registry of what is known of them.

Prediction first, target second. A loss is the mean over the batch, and ``d_`` its gradient
by the prediction, of exactly that mean. Shapes, dtypes, ``runs`` and errors are those of
batch.py, the same for all.
"""

from actlib.losses import binary, classification, information, logits, regression
from actlib.losses.binary import *
from actlib.losses.classification import *
from actlib.losses.information import *
from actlib.losses.logits import *
from actlib.losses.record import Loss
from actlib.losses.regression import *

LOSSES = {
    record.name: record
    for module in (regression, binary, classification)
    for record in vars(module).values()
    if isinstance(record, Loss)
}

__all__ = [
    "LOSSES",
    "Loss",
    *regression.__all__,
    *binary.__all__,
    *classification.__all__,
    *information.__all__,
    *logits.__all__,
]
