"""actlib: activation functions, losses and small networks, in plain NumPy.

Importing it imports NumPy only; SciPy and Matplotlib come when they are used.
"""

from actlib.activations import *
from actlib.linear import collapse, rank, stack
from actlib.losses import *

__version__ = "0.1.0"
