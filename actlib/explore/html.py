"""An explorer as HTML that needs no kernel, no network and no other file."""

import json
from functools import cache
from html import escape
from pathlib import Path

MODULES = ("explorer", "play", "drag", "address", "start")
# A page that numbers its figures puts their number and address here, see book/_ext/figures.py.
NUMBER = "<span class='btl-number'></span>"


@cache
def _asset(name):
    return (Path(__file__).parent / "page" / name).read_text(encoding="utf-8").strip()


def css():
    return _asset("explorer.css")


def javascript():
    """One module a thing, in one scope of their own."""
    modules = "\n\n".join(_asset(f"{name}.js") for name in MODULES)
    return f'"use strict";\n{{\n{modules}\n}}'


def style():
    return f"<style>{css()}</style>"


def script():
    return f"<script>{javascript()}</script>"


def still(pictures, sentence):
    """A figure without sliders."""
    return (
        f"{style()}<figure class='btl btl-{pictures.panels}'>{picture(pictures, 0, sentence)}"
        f"<figcaption class='btl-say'><span>{NUMBER}{escape(sentence)}</span></figcaption></figure>"
    )


def sliding(explorer):
    """A figure with its sliders, and every position in it as JSON."""
    pictures, first = explorer.pictures, explorer.first
    data = {
        "parts": pictures.parts,
        "frames": pictures.frames,
        "say": explorer.sentences,
        "names": [choice.name for choice in explorer.choices],
        "values": [choice.texts for choice in explorer.choices],
        **explorer.options,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f"{style()}<bend-explorer class='btl btl-{pictures.panels}'>"
        f"{picture(pictures, first, explorer.sentences[first], explorer.question)}"
        f"<div class='btl-controls'>{_controls(explorer)}</div>"
        f"{caption(explorer.sentences, first)}"
        "<noscript><p><small>The sliders of this figure need JavaScript; "
        "this is their first position.</small></p></noscript>"
        f"<script type='application/json'>{text}</script></bend-explorer>{script()}"
    )


def picture(pictures, index, sentence, question=""):
    """Question and picture of one position."""
    asked = f"<p class='btl-question'>{escape(question)}</p>" if question else ""
    return (
        f"{asked}<div class='btl-figure' role='img' aria-label=\"{escape(sentence)}\">"
        f"{pictures.svg(index)}</div>"
    )


def caption(sentences, index):
    """The sentence of one position, in a box as high as the longest of them needs."""
    # A shorter sentence can wrap into one line more, so there is room for a few words more.
    longest = escape(max(sentences, key=len)) + " – – – – – –"
    return (
        f"<p class='btl-say' data-longest=\"{longest}\">"
        f"<span>{NUMBER}<span role='status'>{escape(sentences[index])}</span></span></p>"
    )


def _controls(explorer):
    name = explorer.pictures.digest()
    rows = [
        _slider(choice, at)
        if choice.is_slider
        else _radios(choice, at, f"btl-{name}-{choice.name}")
        for choice, at in zip(explorer.choices, explorer.start, strict=True)
    ]
    play = "<button type='button' class='btl-play'>▶ Play</button>"
    copy = "<button type='button' class='btl-copy'>Copy link</button>"
    rows.append(
        f"<div class='btl-buttons'>{play if 'play' in explorer.options else ''}{copy}</div>"
    )
    return "".join(rows)


def _slider(choice, at):
    label, text = escape(choice.label), escape(choice.texts[at])
    return (
        f"<label class='btl-slider'><span>{label}</span><output>{text}</output>"
        f"<input type='range' data-choice min='0' max='{len(choice.values) - 1}' "
        f"value='{at}' step='1' autocomplete='off' aria-label=\"{label}\" "
        f'aria-valuetext="{text}"></label>'
    )


def _radios(choice, at, group):
    buttons = "".join(
        f"<label><input type='radio' name='{group}-{choice.name}' autocomplete='off'"
        f"{' checked' if i == at else ''}>{escape(text)}</label>"
        for i, text in enumerate(choice.texts)
    )
    return (
        f"<fieldset class='btl-radios' data-choice><legend>{escape(choice.label)}</legend>"
        f"{buttons}</fieldset>"
    )
