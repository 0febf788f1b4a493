# Bend the Line. `make help` lists what there is; every target sets itself up.
# The plain commands behind the targets are in README.md.

.DEFAULT_GOAL := help
.PHONY: help book serve pdf lab test lint unit nbval browser lite-all bench notebooks strip format \
	lock release clean

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
PY := $(BIN)/python
READER := $(VENV)/.installed-reader
DEV := $(VENV)/.installed-dev
SITE := _build/html
PORT ?= 8000
STAGES ?= lint unit nbval book browser
# The matrices are small and two notebooks run at a time: more threads would only wait.
export OPENBLAS_NUM_THREADS ?= 1

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

# ---- reading -------------------------------------------------------------------------

book: $(READER) ## build the site into _build/html, every notebook run, warnings as errors
	@rm -rf $(SITE)
	$(BIN)/jupyter-book build --all -W -n --keep-going .
	$(PY) tools/lite.py $(SITE)

serve: book ## the same, then on http://localhost:8000 (PORT=... for another port)
	@echo "The course is at http://localhost:$(PORT) (Ctrl-C stops it)"
	$(PY) -m http.server $(PORT) --bind localhost --directory $(SITE)

lab: $(READER) ## open the chapters in JupyterLab (LAB="--no-browser" passes options on)
	$(PY) tools/lab.py $(LAB)

pdf: $(DEV) book ## the same as one PDF, _build/bend-the-line.pdf
	CHROMIUM="$$($(PY) tools/browser.py)" && export CHROMIUM && $(PY) tools/pdf.py $(SITE) _build/bend-the-line.pdf

# ---- testing -------------------------------------------------------------------------

test: $(DEV) ## every stage below, to the end, with a summary
	@failed=""; summary=""; \
	for stage in $(STAGES); do \
	  printf '\n==== %s ====\n' "$$stage"; start=$$(date +%s); \
	  if $(MAKE) --no-print-directory "$$stage" SITE_IS_BUILT=1; then verdict=passed; \
	  else verdict=FAILED; failed="$$failed $$stage"; fi; \
	  summary="$$summary$$(printf '%-9s %s after %s s' "$$stage" $$verdict $$(( $$(date +%s) - start )))|"; \
	done; \
	printf '\n==== summary ====\n'; printf '%s' "$$summary" | tr '|' '\n'; \
	if [ -n "$$failed" ]; then \
	  echo "make test: FAILED in:$$failed (one alone: make <stage>)"; exit 1; \
	fi; echo "make test: all passed"

lint: $(DEV) ## style, stripped notebooks, well-formed workflows
	@failed=0; run() { echo "$$@"; "$$@" || failed=1; }; \
	run $(BIN)/ruff check .; \
	run $(BIN)/ruff format --check --output-format concise .; \
	run $(PY) tools/notebooks.py verify; \
	run $(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml; \
	run $(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff; \
	if command -v actionlint >/dev/null; then run actionlint; fi; \
	exit $$failed

unit: $(DEV) ## actlib, its doctests, and the rules that notebooks and the repository keep
	$(PY) -m pytest -n 2 --ignore=tests/browser

nbval: $(DEV) ## run every notebook and compare each printed line with the committed one
	files=$$($(PY) tools/notebooks.py list) && \
	$(PY) -m pytest --nbval --nbval-cell-timeout=300 -n 2 --dist loadfile $$files

browser: $(DEV) $(if $(SITE_IS_BUILT),,book) ## open the site and JupyterLab in a real browser
	CHROMIUM="$$($(PY) tools/browser.py)" && export CHROMIUM && $(PY) -m pytest -n 2 --dist loadgroup tests/browser

lite-all: $(DEV) $(if $(SITE_IS_BUILT),,book) ## run every notebook in the browser's own Python (needs COURSE_PYODIDE)
	@test -d $(SITE)/lite/static/pyodide || { echo "make lite-all: set COURSE_PYODIDE"; exit 1; }
	CHROMIUM="$$($(PY) tools/browser.py)" && export CHROMIUM && \
	LITE_ALL=1 $(PY) -m pytest -v -s tests/browser/test_lite.py

bench: $(DEV) ## how fast functions, networks, explorers and pages are, and what they weigh
	@CHROMIUM="$$($(PY) tools/browser.py)" && export CHROMIUM && \
	for script in benchmarks/*.py; do $(PY) "$$script" || exit 1; done

# ---- writing -------------------------------------------------------------------------

notebooks: $(DEV) ## run the notebooks in place and strip them (NB=book/x.ipynb for one)
	$(PY) tools/notebooks.py run $(NB)

strip: $(DEV) ## drop figures and editors' metadata from the notebooks (NB=... for one)
	$(PY) tools/notebooks.py strip $(NB)

format: $(DEV) ## let ruff lay out the code
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

lock: $(PY) ## write constraints.txt anew from the requirement files
	$(PY) tools/lock.py

release: $(DEV) ## build the package and look at it; say what is left to do for a release
	$(PY) tools/release.py

clean: ## remove everything that was built or installed
	rm -rf _build $(VENV) dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf

# ---- set-up --------------------------------------------------------------------------

$(DEV): requirements-dev.txt requirements.txt binder/requirements.txt constraints.txt pyproject.toml | $(PY)
	@echo "Installing the test tools into $(VENV) (the first time this takes some minutes)"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $(READER) $@

$(READER): requirements.txt binder/requirements.txt constraints.txt pyproject.toml | $(PY)
	@echo "Installing the course into $(VENV) (the first time this takes some minutes)"
	@$(PY) -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

# The first Python >= 3.11 there is; PYTHON=/path/to/python chooses another.
$(PY):
	@rm -f $(READER) $(DEV); \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    echo "$$python cannot make a virtual environment (Debian, Ubuntu: apt-get install python3-venv)" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "No Python 3.11 or newer found. Install one from python.org or your package manager," >&2; \
	echo "or name it: make PYTHON=/path/to/python3.12 ..." >&2; exit 1
