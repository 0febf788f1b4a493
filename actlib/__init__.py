"""actlib: activation functions, losses and small networks, in plain NumPy.

Importing it imports NumPy only; Matplotlib and ipywidgets come with `actlib.plots` and
`actlib.explore`.
"""

from actlib.activations import *
from actlib.linear import *
from actlib.losses import *
from actlib.network import MLP
from actlib.optimise import Adam, GradientDescent, Momentum
from actlib.train import SolvedAt, fit

__version__ = "1.0.0"
