# A newcomer's commands. Everything lives in .venv, made from the hashed lock; nothing else on the machine is touched.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS ?= 600
READY := $(VENV)/.ready

.PHONY: help demo test journeys lint bench bench-coding fuzz serve docs lock clean
help:  ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# pip installs uv (hash-checked), uv installs the rest (hash-checked).
$(READY): requirements/uv.txt requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Superbill needs Python 3.11 or newer (set PYTHON=/path/to/python3)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Superbill needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version)."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements/dev.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)  ## the whole path on the bundled clinic; files in out/
	@$(BIN)/superbill demo --out out

# Tests write many small databases and wait for each to be safe on disk; in memory that waits for nothing.
ROOMY := [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && [ -w /dev/shm ]

# Three processes on two cores: some wait for browsers and servers. Every program that a test starts loads compiled
# modules, also where the environment says to keep none: compiling them anew takes longer than most of them run.
test: $(READY)  ## all tests (a private PostgreSQL is started for them)
	@if $(ROOMY); then export TMPDIR=/dev/shm; fi; unset PYTHONDONTWRITEBYTECODE; $(BIN)/python -m pytest -n 3 --dist loadgroup --durations=40 --durations-min=5

journeys: $(READY)  ## the tests in a browser, on SQLite and on PostgreSQL
	@if $(ROOMY); then export TMPDIR=/dev/shm; fi; SUPERBILL_JOURNEYS=both $(BIN)/python -m pytest -n 1 --dist loadgroup tests/browser

lint: $(READY)  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## measurements against floor and peers
	$(BIN)/python -m bench

bench-coding: $(READY)  ## codes from notes against the gold of the test data
	$(BIN)/python -m bench coding coding_acceptance coding_codiesp coding_batch

fuzz: $(READY)  ## throw damaged files at the X12 engine; SECONDS=1800 for half an hour
	$(BIN)/uv pip install --quiet --require-hashes -r requirements/fuzz.txt
	$(BIN)/python -m fuzz --seconds $(SECONDS)

serve: $(READY)  ## the web pages on http://127.0.0.1:8000
	$(BIN)/superbill serve

docs: $(READY)  ## the manual in docs/_build/html
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html && echo "docs/_build/html/index.html"

lock: $(READY)  ## write the hashed lock anew
	echo 'atheris>=3,<3.1' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes --no-emit-index-url - -o requirements/fuzz.txt
	echo uv | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes --no-emit-index-url - -o requirements/uv.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes --no-emit-index-url --all-extras pyproject.toml requirements/build.in -o requirements/dev.txt

clean:  ## remove what was made here
	rm -rf $(VENV) out docs/_build build dist
