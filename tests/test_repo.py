"""What the repository keeps to: versions written once, few files on top, nothing of one machine."""

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from tools.notebooks import NBSTRIPOUT, ROOT

REQUIREMENTS = ("binder/requirements.txt", "requirements.txt", "requirements-dev.txt")
TOP = {
    ".ci",
    ".github",
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CITATION.cff",
    "CONTRIBUTING.md",
    "LICENSE",
    "LICENSE-TEXT",
    "Makefile",
    "README.md",
    "_config.yml",
    "_toc.yml",
    "actlib",
    "benchmarks",
    "binder",
    "book",
    "constraints.txt",
    "docs",
    "lite",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "tests",
    "tools",
}
OF_ONE_MACHINE = {
    "a path of one machine": r"(?<![\w.}>*-])/(?:home|Users|root|work|tmp)/[\w.]",
    "a Windows path of one machine": r"[A-Z]:\\(?:Users)\\",
    "a folder beside the repository": r"[.][.]/(?:shared)/",
    "a package registry": r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs[.]|deb[.]debian[.]org",
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def files():
    """What git holds or would take, as paths below the top folder."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_lines(name):
    """(line, comment) of each requirement in a file."""
    for line in read(name).splitlines():
        requirement, _, comment = line.partition("#")
        if requirement.strip():
            yield requirement.strip(), comment.strip()


def pins(*names):
    """Package -> version, of every exact pin in the named files."""
    found = {}
    for name in names:
        for line, _ in requirement_lines(name):
            if not line.startswith("-"):
                package, _, version = line.partition("==")
                found[normal(package)] = version
    return found


def machine_specifics(text):
    for what, pattern in OF_ONE_MACHINE.items():
        for number, line in enumerate(text.splitlines(), 1):
            if found := re.search(pattern, line):
                yield f"line {number} names {what}: {found.group()}"


# ---- files -------------------------------------------------------------------------------


def test_nothing_names_one_machine():
    complaints = []
    for name in files():
        try:
            text = read(name)
        except UnicodeDecodeError:
            continue
        complaints += [f"{name}, {complaint}" for complaint in machine_specifics(text)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    "parts",
    [
        ("see ", "home", "somebody", "x.py"),
        ('"', "tmp", "x"),
        ("https:", "", ".".join(("pypi", "org")), "simple"),
        ("in ..", "shared", "notes"),
    ],
)
def test_a_line_of_one_machine_is_noticed(parts):
    assert list(machine_specifics("/".join(parts)))
    assert list(machine_specifics("\\".join(("C:", "Users", "somebody"))))


def test_few_files_on_top():
    more = {name.split("/")[0] for name in files()} - TOP
    assert not more, f"new in the top folder, does it have to be there? {sorted(more)}"


def test_links_between_the_top_files_lead_somewhere():
    broken = []
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        if (ROOT / name).is_file():
            text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", read(name))  # no examples
            for target in re.findall(r"\]\(([^)#\s]+)", text):
                if "://" not in target and not (ROOT / target).exists():
                    broken.append(f"{name} links to {target}")
    assert not broken, broken


# ---- versions ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_with_a_reason(name):
    for line, reason in requirement_lines(name):
        if not line.startswith(("-r ", "-c ", "-e ")):
            assert re.fullmatch(r"[\w.-]+==[\w.]+", line), f"{name}: {line} is no exact pin"
            assert reason, f"{name}: {line} gives no reason"


def test_every_version_is_written_once():
    seen = {}
    for name in REQUIREMENTS:
        for package in pins(name):
            assert package not in seen, f"{package} is in {seen[package]} and in {name}"
            seen[package] = name


def test_the_lock_agrees_with_the_pins():
    lock, wanted = pins("constraints.txt"), pins(*REQUIREMENTS)
    other = {name: lock.get(name) for name in wanted if lock.get(name) != wanted[name]}
    assert not other, f"constraints.txt has {other}: run `make lock`"


def test_jupyter_book_stays_below_2():
    assert pins(*REQUIREMENTS)["jupyter-book"].startswith("1.")


def test_a_reader_gets_the_lock_and_the_package():
    lines = [line for line, _ in requirement_lines("binder/requirements.txt")]
    assert "-e ." in lines and "-c ../constraints.txt" in lines
    assert "-r binder/requirements.txt" in dict(requirement_lines("requirements.txt"))


def test_python_is_the_same_everywhere():
    oldest = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"].removeprefix(">=")
    assert read("binder/runtime.txt").strip() == f"python-{oldest}"
    assert f"Python {oldest}:" in read("constraints.txt")
    for workflow in (ROOT / ".github/workflows").glob("*.yml"):
        for version in re.findall(r'python-version: "([\d.]+)"', workflow.read_text()):
            assert version == oldest, f"{workflow.name} uses Python {version}"
    for name in ("README.md", "CONTRIBUTING.md", "book/intro.md", "Makefile"):
        if (ROOT / name).is_file():
            for version in re.findall(
                r"Python (?:>= |≥ )?(3\.\d+)(?=[ ,:]+(?:or|and|up))", read(name)
            ):
                assert version == oldest, f"{name} speaks of Python {version}"


def test_versions_in_the_text_are_those_installed():
    wanted = pins("constraints.txt")
    for name in files():
        if name.endswith(".md"):
            for package, version in re.findall(r"\b([\w-]+)==([\d][\w.]*\w)", read(name)):
                assert wanted.get(normal(package)) == version, f"{name}: {package}=={version}"


def test_the_package_and_the_changelog_agree():
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE).group(1)
    assert newest == version == yaml.safe_load(read("CITATION.cff"))["version"]
    assert f'__version__ = "{version}"' in read("actlib/__init__.py")


def test_the_hooks_use_the_same_versions_and_flags():
    wanted = pins(*REQUIREMENTS)
    hooks = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    repos = {repo["repo"].rsplit("/", 1)[-1]: repo for repo in hooks}
    assert repos["nbstripout"]["rev"] == wanted["nbstripout"]
    assert repos["ruff-pre-commit"]["rev"] == "v" + wanted["ruff"]
    assert repos["nbstripout"]["hooks"][0]["args"] == [*NBSTRIPOUT, "--"]


# ---- commands ----------------------------------------------------------------------------


def test_ci_runs_what_the_readme_says():
    assert "make test" in read("README.md")
    commands = [line for line in read(".ci/run").splitlines() if line.startswith("exec ")]
    assert commands == ["exec make test"]
    for name in ("test", "weekly"):
        assert "bash .ci/run" in read(f".github/workflows/{name}.yml")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_test_runs_every_stage_and_says_which_failed():
    command = ["make", "-C", str(ROOT), "-o", ".venv/.installed-dev"]  # a test installs nothing
    command += ["test", "STAGES=no-such-stage help another-one"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode != 0
    assert "help      passed" in run.stdout
    assert "FAILED in: no-such-stage another-one" in run.stdout


def test_make_test_covers_every_stage():
    stages = re.search(r"^STAGES \?= (.*)$", read("Makefile"), re.MULTILINE).group(1).split()
    assert stages == ["lint", "unit", "nbval", "book", "browser"]
