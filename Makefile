# Two commands: `make run` starts Quarterdeck, `make test` proves it. The rest is for who builds it.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
ARGS ?=
PROCESSES ?= 3

.PHONY: run setup setup-dev test test-real lint bench prove chaos docs lock clean

run: setup
	@$(BIN)/quarterdeck up $(ARGS)

setup: .venv/.core

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Quarterdeck needs Python 3.11 or newer with the venv module (on Debian or Ubuntu: apt install python3 python3-venv)."; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/.core: requirements/core.txt pyproject.toml .venv/bin/python
	@echo "Installing Quarterdeck into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

setup-dev: .venv/.dev

.venv/.dev: requirements/dev.txt .venv/.core
	@echo "Installing what the tests need into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

test: setup-dev
	@sh tests/install_browser.sh
	@$(BIN)/python -m pytest -m "not prove and not real" -n $(PROCESSES) --dist loadscope --no-loadscope-reorder $(ARGS)

test-real: setup-dev
	@sh tests/install_browser.sh
	@sh tests/install_real.sh
	@$(BIN)/python -m pytest -m real $(ARGS)

lint: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

bench: setup-dev
	@$(BIN)/python -m bench $(ARGS)

# A thousand kills of the workers that publish; writes docs/exactly-once.md.
chaos: setup-dev
	@sh tests/install_real.sh
	@$(BIN)/python -m tests.chaos --write $(ARGS)

prove: setup-dev
	@sh tests/install_browser.sh
	@$(BIN)/python -m tests.prove $(ARGS)

docs: setup-dev
	@$(BIN)/python -m tests.write_docs

lock: setup-dev
	@$(BIN)/python -m pip install --quiet uv
	@for f in core dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate requirements/$$f.in -o requirements/$$f.txt; done

clean:
	@rm -rf .venv build dist test-results
