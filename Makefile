# Two commands do everything on a fresh machine: `make run` and `make test`.
# Stamps in .venv make the second call quick.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# One worker for each core, from two to eight: more would wait for the one that has the browser.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n < 2 ? 2 : n > 8 ? 8 : n)))

.DEFAULT_GOAL := help
.PHONY: help install compile kernels browser run test test-slow screenshots lint format clean

help:  ## show these words
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "  make %-11s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo "The module venv is missing: apt-get install python3-venv"; exit 1; }

# What is installed is byte-compiled even if PYTHONDONTWRITEBYTECODE is set: a cold start would cost 10 s otherwise.
$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the pinned versions into $(VENV). This takes about a minute the first time."
	@rm -f $(VENV)/.failed
	@{ $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --constraint constraints.txt \
	  --editable '.[dev]' || touch $(VENV)/.failed; } | awk ' \
	  /^Collecting / { if (++n % 20 == 0) { print "  " n " packages looked up"; fflush() } } \
	  /^Installing collected/ { print "  installing " n " packages"; fflush() }'
	@test ! -e $(VENV)/.failed
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null || true
	@touch $@

install: $(STAMP)  ## make .venv with the pinned versions

compile: $(STAMP)
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q twin dashboard scenarios

# The tests' workers would each compile the same kernels at the same time; here each is compiled once, half a minute cold.
kernels: compile $(VENV)/.kernels

$(VENV)/.kernels: $(shell find twin -name '*_kernels.py')
	@echo "Compiling the kernels"
	@$(BIN)/twin physics phantom --diameter '25 mm' --energy '511 keV' --precision '9 %' >/dev/null & transport=$$!; \
	  $(BIN)/twin physics nema siemens_inveon --nuclide Zr-89 --precision '9 %' >/dev/null && \
	  $(BIN)/python -c 'from twin.experiments import physics_measures as own; own.PHYSICS["photons_lead_hvl"]()' && wait $$transport \
	  || echo "They could not be compiled: the tests will tell"
	@touch $@

run: compile  ## run the baseline week and print its figures
	@$(BIN)/twin run baseline

# The browser tests drive the system's Chromium. It is installed where that may be done without a question; a mirror that
# does not answer is asked three times.
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	  if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then as=; \
	  elif command -v apt-get >/dev/null && sudo -n true 2>/dev/null; then as=sudo; \
	  else echo "No Chromium: browser tests are left out. Install it: sudo apt-get install chromium"; exit 0; fi; \
	  echo "Installing Chromium for the browser tests (about 500 MB)"; \
	  for wait in 5 20 0; do \
	    $$as apt-get -qq update && $$as env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null \
	      && exit 0; \
	    sleep $$wait; \
	  done; \
	  echo "Chromium cannot be installed, so the browser tests would fail. Install it: apt-get install chromium"; exit 1

test: kernels browser  ## the default test suite, under 5 minutes
	@$(BIN)/python -m pytest -n $(WORKERS)

test-slow: kernels browser  ## the rest: replications, many rounds
	@$(BIN)/python -m pytest -n $(WORKERS) -m slow

screenshots: compile browser  ## pictures of the dashboard's pages in ./screenshots
	@$(BIN)/python -m tools.screenshots

lint: $(STAMP)  ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)  ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove .venv and caches, keep runs
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
