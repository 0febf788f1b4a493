"""Whatever comes in, the gates and the affine layers answer, or say what is wrong.

The elementwise functions and the losses have their own such tests, beside their identities.
"""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import actlib
from tests.test_losses_properties import ANYTHING, ARRAYS

PAIR = st.tuples(ARRAYS, ARRAYS)
LAYERS = st.one_of(ANYTHING, st.lists(st.one_of(PAIR, st.tuples(ANYTHING, ANYTHING)), max_size=3))
CALLS = {
    "glu": (ANYTHING, ANYTHING),
    "d_glu": (ANYTHING, ANYTHING),
    "swiglu": (ANYTHING, ANYTHING),
    "d_swiglu": (ANYTHING, ANYTHING),
    "maxout": (ANYTHING, ANYTHING, ANYTHING),
    "d_maxout": (ANYTHING, ANYTHING, ANYTHING),
    "d_prelu_slope": (ANYTHING,),
    "collapse": (LAYERS,),
    "stack": (LAYERS, ANYTHING),
    "rank": (ANYTHING,),
}


@pytest.mark.parametrize("name", CALLS)
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(st.data())
def test_only_declared_errors(name, data):
    given_in = [data.draw(part) for part in CALLS[name]]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        try:
            getattr(actlib, name)(*given_in)
        except (TypeError, ValueError) as error:
            assert str(error)
