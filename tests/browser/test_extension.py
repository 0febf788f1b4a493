"""The repository's address comes from one place, and no button points where nothing is."""

import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
import bend_site

KNOWN = {
    "https://github.com/ann/course": "https://github.com/ann/course",
    "https://github.com/ann/course.git": "https://github.com/ann/course",
    "https://github.com/ann/course/": "https://github.com/ann/course",
    "https://ann:secret@github.com/ann/course.git": "https://github.com/ann/course",
    "git@github.com:ann/course.git": "https://github.com/ann/course",
    "ssh://git@github.com:22/ann/course.git": "https://github.com/ann/course",
    "https://gitlab.com/group/sub/course.git": "https://gitlab.com/group/sub/course",
    "git@gitlab.example.org:ann/my.course": "https://gitlab.example.org/ann/my.course",
}
UNKNOWN = [
    "",
    "none",
    "/srv/git/course.git",
    "../course",
    "C:\\work\\course",
    "file:///srv/git/course.git",
    "https://example.org/ann/course",
    "https://notgithub.com/ann/course",
    "https://github.com/ann",
    "user@host:/srv/git/course.git",
]


@pytest.mark.parametrize("address", KNOWN)
def test_known_address(address):
    repository = bend_site.parse_address(address)
    assert repository is not None, f"{address} is not understood"
    assert repository.url == KNOWN[address]


@pytest.mark.parametrize("address", UNKNOWN)
def test_unknown_address(address):
    assert bend_site.parse_address(address) is None


def test_buttons_of_a_notebook_on_github():
    repository = bend_site.Repository("github.com", "ann/course", "main")
    menus = bend_site.page_buttons(repository, "book/activations/sigmoid", ".ipynb")
    links = {link["text"]: link["url"] for menu in menus for link in menu["links"]}
    file = "book/activations/sigmoid.ipynb"
    assert links == {
        "Run in your browser": "lite/start.html?path=book%2Factivations%2Fsigmoid.ipynb",
        "Run on Binder": "https://mybinder.org/v2/gh/ann/course/main"
        "?urlpath=lab%2Ftree%2Fbook%2Factivations%2Fsigmoid.ipynb",
        "Run on Colab": f"https://colab.research.google.com/github/ann/course/blob/main/{file}",
        "Repository": "https://github.com/ann/course",
        "Source of this page": f"https://github.com/ann/course/blob/main/{file}",
        "Open an issue": "https://github.com/ann/course/issues/new"
        "?title=On+the+page+book%2Factivations%2Fsigmoid",
    }


def test_buttons_of_a_page_on_gitlab():
    repository = bend_site.Repository("gitlab.com", "group/sub/course", "trunk")
    menus = bend_site.page_buttons(repository, "book/notation", ".md")
    links = {link["text"]: link["url"] for menu in menus for link in menu["links"]}
    base = "https://gitlab.com/group/sub/course"
    assert links["Source of this page"] == f"{base}/-/blob/trunk/book/notation.md"
    assert links["Suggest an edit"] == f"{base}/-/edit/trunk/book/notation.md"
    assert links["Open an issue"].startswith(f"{base}/-/issues/new?issue")
    assert not [text for text in links if text.startswith("Run ")], (
        "a page without cells has nothing to run"
    )
    assert repository.binder("a.ipynb").startswith(
        "https://mybinder.org/v2/gl/group%2Fsub%2Fcourse/trunk?"
    )
    assert repository.colab("a.ipynb") is None, "Colab opens GitHub only"


def test_without_a_repository_a_chapter_runs_in_the_browser_and_nowhere_else():
    [menu] = bend_site.page_buttons(None, "book/activations/sigmoid", ".ipynb", "../../")
    [link] = menu["links"]
    assert link["text"] == "Run in your browser" and link["url"].startswith("../../lite/")
    assert bend_site.page_buttons(None, "book/notation", ".md") == []


def test_a_fork_gets_its_own_address(tmp_path):
    def git(*words):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)

    git("init", "-b", "main")
    assert bend_site.find_repository(tmp_path, {}) is None
    git("remote", "add", "origin", str(tmp_path / "elsewhere.git"))
    assert bend_site.find_repository(tmp_path, {}) is None, "a path on disk is no address"
    git("remote", "set-url", "origin", "git@github.com:fork/course.git")
    assert bend_site.find_repository(tmp_path, {}).url == "https://github.com/fork/course"
    chosen = {"COURSE_REPOSITORY": "https://gitlab.com/a/b", "COURSE_BRANCH": "next"}
    assert bend_site.find_repository(tmp_path, chosen).source("x.md").endswith("/-/blob/next/x.md")
    assert bend_site.find_repository(tmp_path, {"COURSE_REPOSITORY": "none"}) is None
