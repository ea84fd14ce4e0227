# Two commands on a fresh machine: make demo, make test. Each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.setup-done

.PHONY: setup demo test test-postgresql fuzz safety lint bench docs clean

setup: $(SETUP)

$(SETUP): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "zhengwu needs Python 3.11 or later: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python lacks venv: install it (Debian: apt-get install python3-venv)"; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --quiet --frozen --inexact --all-groups --all-extras --no-python-downloads
	@touch $@

demo: $(SETUP)
	@$(BIN)/zhengwu audit examples/faulty-budget.docx --fail-on never
	@$(BIN)/zhengwu publish examples/xicheng-2021 -o demo
	@ZHENGWU_HOME=demo/platform $(BIN)/zhengwu manage migrate --verbosity 0
	@ZHENGWU_HOME=demo/platform $(BIN)/zhengwu manage demo_data
	@if [ -n "$(ONCE)" ] || [ ! -t 1 ]; then once=--once; fi; ZHENGWU_HOME=demo/platform $(BIN)/zhengwu serve $$once

test: $(SETUP)
	@$(BIN)/python -m pytest

# The tests that use a database, or some of them (make test-postgresql TESTS=tests/web/budgets), on a PostgreSQL server
# of their own: its programs must be installed.
TESTS ?= tests/web
test-postgresql: $(SETUP)
	@$(BIN)/python -m tests.support.postgresql $(BIN)/python -m pytest $(TESTS)

# 1,000 broken or strange inputs of each format; make fuzz FUZZ="--seed 5 --formats pdf" for others.
fuzz: $(SETUP)
	@$(BIN)/python -m tests.fuzz $(FUZZ)

# Flaws known of sources, settings and dependencies (asks the package index), and many strange requests;
# make safety SAFETY="--examples 300" sends more.
safety: $(SETUP)
	@$(BIN)/python -m tests.web.safety $(SAFETY)

lint: $(SETUP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache 2>/dev/null || $(BIN)/lint-imports

bench: $(SETUP)
	@$(BIN)/python -m bench

docs: $(SETUP)
	@$(BIN)/python docs/write_rules.py
	@$(BIN)/python docs/write_ledger.py

clean:
	rm -rf $(VENV) demo .pytest_cache .mypy_cache .ruff_cache
