"""An explorer behind real ipywidgets, for a person at a kernel."""

import time

import numpy as np

from actlib._frontend import somebody_is_there
from actlib.explore import html


def box(explorer):
    """The controls of ``explorer`` between its picture and its sentence."""
    import ipywidgets as widgets

    controls = [_control(c, at) for c, at in zip(explorer.choices, explorer.start, strict=True)]
    picture, sentence = widgets.HTML(), widgets.HTML()
    pictures, sentences = explorer.pictures, explorer.sentences
    frame = f"<div class='btl btl-{pictures.panels}'>{{}}</div>"

    def show(_=None):
        index = int(np.ravel_multi_index([control.index for control in controls], explorer.shape))
        shown = html.picture(pictures, index, sentences[index], explorer.question)
        picture.value = html.style() + frame.format(shown)
        sentence.value = frame.format(html.caption(sentences, index))

    for control in controls:
        control.observe(show, "index")
    show()
    children = [picture, *controls]
    if "play" in explorer.options:
        children.append(_play(controls[explorer.options["play"]]))
    return widgets.VBox([*children, sentence])


def _control(choice, at):
    import ipywidgets as widgets

    kind = widgets.SelectionSlider if choice.is_slider else widgets.RadioButtons
    return kind(
        options=list(zip(choice.texts, range(len(choice.texts)), strict=True)),
        index=at,
        description=choice.label,
        style={"description_width": "initial"},
        layout={"width": "auto"},
    )


def _play(slider):
    import ipywidgets as widgets

    count = len(slider.options)
    play = widgets.Play(
        min=0, max=count - 1, value=slider.index, interval=max(80, min(500, 6000 // count))
    )
    widgets.link((play, "value"), (slider, "index"))
    return play


class Progress:
    """A progress bar in a live notebook, once drawing has taken more than a second."""

    def __init__(self, total):
        self._total, self._done, self._bar = total, 0, None
        self._began = time.monotonic()

    def __enter__(self):
        return self

    def step(self):
        self._done += 1
        if self._bar is not None:
            self._bar.value = self._done
        elif time.monotonic() - self._began > 1 and somebody_is_there():
            import ipywidgets as widgets
            from IPython.display import display

            self._bar = widgets.IntProgress(self._done, 0, self._total, description="Drawing")
            display(self._bar)

    def __exit__(self, *_):
        if self._bar is not None:
            self._bar.close()
