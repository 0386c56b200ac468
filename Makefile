# Delegate Desk: `make setup`, `make run`, `make test`, `make check`. Nothing outside this folder is changed.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint judges figures pictures lock clean

VENV := .venv
BIN := $(VENV)/bin
PACKAGES := bot handlers knowledge
# The environment is as new as these two files: another lock or another project file makes other names.
LOCKED := $(VENV)/.locked-$(shell cksum < requirements-dev.lock | cut -d ' ' -f 1)
INSTALLED := $(VENV)/.installed-$(shell cksum < pyproject.toml | cut -d ' ' -f 1)
JUDGES := tests/judges
JUDGED = $(JUDGES)/node_modules/.installed-$(shell cksum < $(JUDGES)/package-lock.json | cut -d ' ' -f 1)
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip -qq

help:
	@echo 'make setup   create .venv with everything pinned'
	@echo 'make run     start the server with the shipped briefing pack and example delegations'
	@echo 'make test    every test that needs no outside server'
	@echo 'make check   what CI runs: style, types, import rules, all tests, figures'
	@echo 'make pictures draw the conversations and photograph the dashboard again, for docs/'
	@echo 'make judges  install the programs for node that some tests run against'
	@echo 'make lock    pin the newest versions that pyproject.toml allows'
	@echo 'make clean   remove .venv and what tools left behind; the data folder stays'

setup: $(INSTALLED)
	@:

# Debian's python3 may come without ensurepip: then the pip of that Python fills the new environment.
$(LOCKED): requirements-dev.lock
	@set -e; \
	python=; \
	for name in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14 python; do \
	    if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Delegate Desk needs Python 3.11 or newer; found: $$(python3 --version 2>/dev/null || echo none)." >&2; \
	    echo 'Install one, or name it: make setup PYTHON=/path/to/python3.11' >&2; \
	    exit 1; \
	fi; \
	if ! $(BIN)/python -c '' 2>/dev/null; then \
	    echo "Creating $(VENV) with $$($$python --version); this takes a few minutes, once ..."; \
	    rm -rf $(VENV); \
	    $$python -m venv $(VENV) >/dev/null 2>&1 || $$python -m venv --clear --without-pip $(VENV); \
	fi; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	    pip_pin=$$(mktemp); \
	    trap 'rm -f "$$pip_pin"' EXIT; \
	    sed -n '/^pip==/,/[^\\]$$/p' requirements-dev.lock > "$$pip_pin"; \
	    $$python -m pip -qq --python $(BIN)/python install --require-hashes -r "$$pip_pin" || { \
	        echo "$$python has neither ensurepip nor pip: install them (Debian: python3-venv)." >&2; exit 1; }; \
	fi; \
	$(PIP) install --require-hashes -r requirements-dev.lock
	@rm -f $(VENV)/.locked-* $(VENV)/.installed-*
	@touch $@

# setuptools is pinned in the lock, so building needs nothing from outside.
$(INSTALLED): $(LOCKED)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q $(PACKAGES)
	@rm -f $(VENV)/.installed-*
	@touch $@
	@echo '$(VENV) is ready.'

run: setup
	@$(BIN)/python -m bot ingest --if-empty
	@$(BIN)/python -m bot demo --if-empty
	@echo
	@echo "Open the dashboard (signs in once, within ten minutes):  $$($(BIN)/python -m bot dashboard)"
	@echo 'To talk with the desk on a terminal:  $(BIN)/desk chat'
	@echo 'One answer only:  $(BIN)/desk ask "When does the site visit start?"'
	@echo
	@$(BIN)/python -m bot serve

test: setup judges
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(TESTS)

# Programs of others for node, which some tests run against; where they cannot be had, those tests say so.
# Not by --prefix: it hides what a machine has set for all, such as its certificates.
judges:
	@if [ ! -e '$(JUDGED)' ] && command -v npm >/dev/null; then \
	    (cd $(JUDGES) && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null) \
	        && touch '$(JUDGED)' || echo 'npm cannot install $(JUDGES); the tests that need it are skipped.' >&2; \
	fi

check: lint test figures

lint: setup
	@$(BIN)/ruff check --quiet --output-format concise
	@$(BIN)/ruff format --quiet --check || { echo 'Run: $(BIN)/ruff format' >&2; exit 1; }
	@$(BIN)/mypy --strict --no-error-summary $(PACKAGES) $(wildcard tests/fakes.py)
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log 2>&1 || { cat $(VENV)/lint-imports.log >&2; exit 1; }
	@echo 'Style, types and import rules hold.'

figures: setup
	@$(BIN)/python -m tests.figures

pictures: setup
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.dashboard_pictures

UPGRADE := --upgrade
COMPILE := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet $(UPGRADE) --generate-hashes --strip-extras \
    --allow-unsafe --all-build-deps --no-emit-index-url --no-emit-trusted-host --no-emit-find-links
lock: setup
	@$(COMPILE) --output-file requirements.lock pyproject.toml
	@$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:
	@rm -rf $(VENV) $(JUDGES)/node_modules build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +
