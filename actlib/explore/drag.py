"""What can be dragged in a figure: where its handles are at each position, in pixels."""

from collections.abc import Mapping

from actlib.explore import checks


class Handles:
    """The handles of a figure; ``drag`` is what `actlib.explore.explore` takes."""

    def __init__(self, drag, choices, panels):
        self.handles, self._places = [], []
        if isinstance(drag, str):
            drag = {drag: 1}
        elif not isinstance(drag, Mapping):
            drag = {tuple(drag): 1}
        for moved, where in drag.items():
            moved = (moved,) if isinstance(moved, str) else moved
            panel, place = (1, where) if callable(where) else (where, None)
            checks.check_handle(moved, panel, place, choices, panels)
            self._places.append((panel - 1, place or _along_axes(moved)))
            moves = [i for i, choice in enumerate(choices) if choice.name in moved]
            self.handles.append({"moves": moves, "panels": None, "at": []})

    def add(self, pictures, chosen):
        """Note where the handles are in the position that was just drawn."""
        for handle, (panel, place) in zip(self.handles, self._places, strict=True):
            x, y = place(**chosen)
            handle["at"].append(pictures.pixels(panel, x, y))
            # A panel with the same axes can be dragged in as well.
            alike = set(pictures.alike(panel, y is not None))
            handle["panels"] = sorted(alike.intersection(handle["panels"] or alike))


def _along_axes(moved):
    """Choices that are places on the x-axis, or on the x-axis and the y-axis."""

    def place(**chosen):
        return (*(chosen[name] for name in moved), None)[:2]

    return place
