"""Pages for actlib from its docstrings, and links between a chapter and what it uses."""

import importlib
import inspect
import re
from pathlib import Path

import uses
from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

# Every chapter has its figures and exercises from these, so their uses are not listed.
EVERYWHERE = ("actlib.plots", "actlib.explore", "actlib.check")


def members(module):
    """What ``__all__`` of a module names, in the order in which the module defines it."""
    order = list(vars(module))
    return sorted(module.__all__, key=order.index)


def public_name(module, name):
    """The shortest name there is: ``actlib.relu``, but ``actlib.diagnostics.interval``."""
    package = "actlib"
    for part in [*module.__name__.split(".")[1:], ""]:
        found = getattr(importlib.import_module(package), name, None)
        if found is getattr(module, name):
            break
        package += f".{part}"
    return f"{package}.{name}"


class Api(SphinxDirective):
    """``{api} actlib.module``, with the names below it, or those of its ``__all__``."""

    required_arguments = 1
    has_content = True

    def run(self):
        module = importlib.import_module(self.arguments[0])
        lines = ["```{eval-rst}", *module.__doc__.strip().split("\n\n")[0].splitlines(), ""]
        for name in " ".join(self.content).split() or members(module):
            thing = getattr(module, name)
            if inspect.isfunction(thing) and thing.__name__ != name:
                continue  # another name of a function that stands there already
            kind = "class" if inspect.isclass(thing) else "function"
            lines += [f".. auto{kind}:: {public_name(module, name)}"]
            lines += ["   :members:"] * (kind == "class") + [""]
        holder = nodes.container(classes=["bend-api"])
        self.state.nested_parse(StringList([*lines, "```"], self.env.docname), 0, holder)
        return [holder]


ARGUMENT = re.compile(r"(?P<names>[\w*]+(?:, [\w*]+)*) : (?P<text>.*)")


def set_arguments(app, what, name, thing, options, lines):
    """Lines as ``steps : how many updates`` become a list; actlib.explore has NumPy's style."""
    if name.startswith("actlib.explore"):
        return
    text = re.sub(r"(?m)^Parameters\n-+\n", "", "\n".join(lines))
    lines[:], inside = [], False
    for line in text.splitlines():
        if match := ARGUMENT.fullmatch(line):
            lines += [f"``{match['names']}``", f"   {match['text']}"]
        else:
            lines.append("   " + line.strip() if inside and line.startswith(" ") else line)
        inside = bool(match) or (inside and line.startswith(" "))


def name_files(app, what, name, thing, options, signature, returns):
    """A default that is a path on this machine, as the file in the package."""
    if signature:
        return re.sub(r"\w*Path\('[^']*/actlib/([^']*)'\)", r"'actlib/\1'", signature), returns


def say_where(app, what, name, thing, options, lines):
    """The last line of a docstring on the site: the chapters that use the thing."""
    if name.startswith(EVERYWHERE) or what not in ("function", "class"):
        return
    root = Path(app.srcdir)
    order = list(uses.by_chapter(root))
    pages = uses.chapters([thing], root)
    links = [f":doc:`{order.index(page) + 1} </{page}>`" for page in pages]
    if links:
        lines += ["", f"Used in chapter{'s' * (len(links) > 1)} {', '.join(links)}.", ""]


def names(things):
    """The public names of what a chapter uses, each once and in alphabetical order."""
    found = {}
    for thing in things:
        if inspect.isfunction(thing) or inspect.isclass(thing):
            module = importlib.import_module(thing.__module__)
            if thing.__module__.startswith("actlib.") and hasattr(module, thing.__name__):
                found[thing.__name__] = public_name(module, thing.__name__)
    return {
        name: full
        for name, full in sorted(found.items(), key=lambda pair: pair[0].lower())
        if not full.startswith(EVERYWHERE)
    }


def say_what(app, doctree):
    """The last line of a chapter: what it uses of actlib, each with a link to its page."""
    there = names(uses.by_chapter(Path(app.srcdir)).get(app.env.docname, []))
    if not there:
        return
    line = nodes.paragraph("", "From ", classes=["bend-uses"])
    line += [nodes.literal("", "actlib"), nodes.Text(" this chapter uses ")]
    for n, (name, full) in enumerate(there.items()):
        line += nodes.Text(", " * bool(n))
        line += addnodes.pending_xref(
            "", nodes.literal("", name), refdomain="py", reftype="obj", reftarget=full,
            refdoc=app.env.docname, refwarn=True, refexplicit=True,
        )  # fmt: skip
    line += nodes.Text(".")
    (doctree[-1] if isinstance(doctree[-1], nodes.section) else doctree).append(line)


def setup(app):
    app.add_directive("api", Api)
    app.connect("autodoc-process-docstring", set_arguments, priority=400)
    app.connect("autodoc-process-docstring", say_where, priority=600)  # after napoleon
    app.connect("autodoc-process-signature", name_files)
    app.connect("doctree-read", say_what)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
