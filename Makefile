# newsmill. Two commands: `make` takes the pages in raw/ through every stage, `make test` runs the tests.
# Both set up what they need in .venv from requirements.lock. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
NEWSMILL := $(VENV)/bin/newsmill
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
CODE := $(shell find pipeline -name '*.py' -o -path 'pipeline/*/data/*' -type f)
TOOL := $(VENV)/.ready $(CODE)

include pipeline/data/chain.mk

.PHONY: test test-slow test-spark check format bench torture reference pins lock

$(VENV)/.ready: pyproject.toml requirements.lock
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsmill needs Python 3.11 or newer, $(PYTHON) is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-deps -r requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@$(PIP) install --no-deps -r requirements-dev.lock
	@touch $@

$(VENV)/.ready-bench: $(VENV)/.ready requirements-bench.lock
	@$(PIP) install --no-deps -r requirements-bench.lock
	@touch $@

$(VENV)/.ready-fuzz: $(VENV)/.ready-dev requirements-fuzz.lock
	@$(PIP) install --no-deps --only-binary :all: -r requirements-fuzz.lock || echo "no atheris for this Python and system: nothing is fuzzed"
	@touch $@

$(VENV)/.ready-spark: $(VENV)/.ready-dev requirements-spark.lock
	@$(PIP) install --no-deps -r requirements-spark.lock
	@touch $@

test: $(VENV)/.ready-dev           ## the whole test suite
	@$(VENV)/bin/python -m pytest -n 2

test-slow: $(VENV)/.ready-dev      ## the tests that take longer
	@$(VENV)/bin/python -m pytest -n 2 -m slow

test-spark: $(VENV)/.ready-spark   ## backfill on Spark (needs Java 17 or later)
	@$(VENV)/bin/python -m pytest -m slow tests/test_backfill.py tests/test_backfill_faults.py

check: $(VENV)/.ready-dev          ## lint, format, types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

format: $(VENV)/.ready-dev         ## put the code in its form
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

bench: $(VENV)/.ready-bench        ## beside other tools; GOLD="DIR ..." adds those that need pages with answers
	@$(VENV)/bin/python bench/minhash.py
	@$(VENV)/bin/python bench/dedup.py grow
	@$(VENV)/bin/python bench/dedup.py libraries
	@$(VENV)/bin/python bench/rows.py 2000 8000
	@$(VENV)/bin/python bench/topics.py
	@$(VENV)/bin/python bench/export.py
	@$(VENV)/bin/python bench/fetch.py
	@$(if $(GOLD),$(VENV)/bin/python bench/chain.py $(GOLD))
	@$(if $(GOLD),$(VENV)/bin/python bench/extract.py $(GOLD))
	@$(if $(GOLD),$(VENV)/bin/python -m bench.text $(GOLD))
	@$(foreach folder,$(GOLD),$(VENV)/bin/python -m bench.metadata $(folder) --speed;)

torture: $(VENV)/.ready-fuzz       ## hostile pages, kills, full disks, fuzzing at full size (hours)
	@$(VENV)/bin/python -m pytest tests/torture -p no:cacheprovider

reference: $(VENV)/.ready-dev      ## docs/reference/ from the code
	@$(VENV)/bin/python tools/make_reference.py

pins: $(VENV)/.ready-dev            ## tests/pinned.json: what each stage's version writes
	@$(VENV)/bin/python tools/pin_outputs.py

help:
	@sed -n 's/^#   \(make\)/  \1/p' pipeline/data/chain.mk
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-23s%s\n", $$1, $$2 }'

lock:                              ## requirements*.lock from pyproject.toml, at the newest versions
	@tools/lock.sh
