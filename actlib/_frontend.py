"""Who is looking: a person at a kernel, or a program that writes pages?"""

import sys


def somebody_is_there():
    """True where a person at a kernel can answer, so that widgets make sense.

    Programs that execute notebooks (Jupyter Book, nbconvert, nbval) tell the kernel that
    nobody will answer; what they write must work without a kernel.
    """
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is not None and sys.platform == "emscripten":
        return True  # a kernel in a browser is started by the person in front of it
    return bool(getattr(kernel, "_allow_stdin", False))
