"""Korean terms: marked as such, and found by the search wherever the term is used."""

import re
from html import escape

from docutils import nodes
from sphinx.util.docutils import SphinxRole

GLOSSARY = "book/reference/glossary"
KOREAN = re.compile(r'<span lang="ko">(.*?)</span>')


class Korean(SphinxRole):
    """{ko}`활성화 함수`: Korean text, marked as such for fonts and screen readers."""

    def run(self):
        html = f'<span lang="ko">{escape(self.text)}</span>'
        return [nodes.raw("", html, format="html")], []


def read_glossary(app, env):
    """{anchor of a term: (the term, its Korean words)}, once all pages are read."""
    env.bend_korean = {}
    if GLOSSARY not in env.found_docs:
        return
    for item in env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
        words = " ".join(
            found for raw in item.findall(nodes.raw) for found in KOREAN.findall(raw.astext())
        )
        for term in item.findall(nodes.term):
            entry = term.astext().strip().lower(), words.split()
            env.bend_korean |= dict.fromkeys(term["ids"], entry)


def add_keywords(app, doctree, docname):
    """A chapter is found by the Korean name of each term in its title, or that it links to."""
    title = doctree.next_node(nodes.title)
    title = title.astext().lower() if title else ""
    anchors = {
        link["refuri"].split("#")[1]
        for link in doctree.findall(nodes.reference)
        if "#term-" in link.get("refuri", "")
    }
    words = {
        word
        for anchor, (term, korean) in app.env.bend_korean.items()
        if anchor in anchors or re.search(rf"\b{re.escape(term)}\b", title)
        for word in korean
    }
    if words:
        doctree.append(nodes.meta(name="keywords", content=", ".join(sorted(words))))


def setup(app):
    app.add_role("ko", Korean())
    app.connect("env-check-consistency", read_glossary)
    app.connect("doctree-resolved", add_keywords)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
