"""What ``pytest --nbval book/...`` compares: everything a cell prints, and no figure.

Committed notebooks keep what cells print and drop figures (see tools/notebooks.py), so nbval
must not miss the figure. Whatever else a cell shows has to be committed, and has to be equal.
"""


def is_figure(output):
    return any(mime != "text/plain" for mime in output.get("data", {}))


def pytest_collection_modifyitems(items):
    for item in items:
        if hasattr(item, "cell") and hasattr(item, "compare_outputs"):
            item.compare_outputs = without_figures(item.compare_outputs)


def without_figures(compare):
    def compare_printed(test, ref, *args):
        return compare([output for output in test if not is_figure(output)], ref, *args)

    return compare_printed
