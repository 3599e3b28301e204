# `make` alone lists the targets. Everything that is needed is installed into .venv and node_modules of this folder.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

# The first that runs and is new enough: a version manager's shim may exist without the version behind it.
BASE_PYTHON ?= $(shell for v in python3 python3.14 python3.13 python3.12 python3.11; do $$v -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $$v && break; done)
BIN := .venv/bin
PYTHON := $(BIN)/python
PORT ?= 8000
export PORT

# A stamp carries the check sum of the lock that it was made from: nothing to do takes no time, and a changed lock
# installs. What the tests need holds what the demo needs, so the demo never takes development packages away again.
sum = $(firstword $(shell cat $(1) 2>/dev/null | cksum))
UV_STAMP := .venv/.uv-$(call sum,requirements-uv.lock)
TEST_STAMP := .venv/.test-$(call sum,requirements-dev.lock requirements-uv.lock)
DEMO_STAMP := .venv/.demo-$(call sum,requirements.lock requirements-uv.lock)
NPM_TEST_STAMP := node_modules/.test-$(call sum,package-lock.json)
NPM_DEMO_STAMP := node_modules/.demo-$(call sum,package-lock.json)
FOR_TESTS := $(TEST_STAMP) $(NPM_TEST_STAMP)
FOR_DEMO := $(or $(wildcard $(TEST_STAMP)),$(DEMO_STAMP)) $(or $(wildcard $(NPM_TEST_STAMP)),$(NPM_DEMO_STAMP))

SOURCES = $(wildcard portal search profilecatalog events learning tests benchmarks manage.py)

.PHONY: help demo demo-reset test test-one elasticsearch lint screenshots nightly messages locks

help: ## List the targets
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' Makefile | while IFS='	' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

demo: $(FOR_DEMO) ## Set up everything and run the portal with example content on 127.0.0.1:8000 (PORT=… for another)
	@exec $(PYTHON) -m portal.demo

demo-reset: $(FOR_DEMO) ## Throw the demo's database away, then `make demo` starts over
	@$(PYTHON) -m portal.demo --reset

test: $(FOR_TESTS) ## Set up everything, then linters, types and all tests
	@$(MAKE) lint
	@$(PYTHON) -m tests.support.run

test-one: $(FOR_TESTS) ## Run a part of the tests: make test-one T=tests/core
	@test -n "$(T)" || { echo "Say which: make test-one T=tests/core"; exit 2; }
	@$(PYTHON) -m tests.support.run -n0 $(T)

elasticsearch: $(FOR_TESTS) ## Bring the Elasticsearch that the tests start (by Maven, 930 MB, once for all checkouts)
	@$(PYTHON) -m tests.support.elasticsearch --fetch

nightly: $(FOR_TESTS) ## All tests, the long property and load runs with them
	@NIGHTLY=1 $(PYTHON) -m tests.support.run

lint: $(FOR_TESTS) ## Style, imports between the floors, types, templates, migrations, catalogues, house rules
	@$(PYTHON) -m tests.house.lint

screenshots: $(FOR_TESTS) ## Every page type and screen of ours at 360, 768 and 1280 px, and a contact sheet
	@$(PYTHON) -m pytest tests/browser/screenshots.py -n0 -q

messages: $(FOR_TESTS) ## Extract the texts of all areas into the catalogues and compile them
	@$(PYTHON) manage.py messages update
	@$(PYTHON) manage.py messages compile

locks: $(UV_STAMP) ## Write the lock files again from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-find-links pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-find-links --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

$(UV_STAMP): requirements-uv.lock
	@command -v git >/dev/null || { echo "git is missing. Debian and Ubuntu: apt-get install git"; exit 1; }
	@test -n "$(BASE_PYTHON)" || { echo "Python 3.11 or newer is missing (python3 is: $$(python3 -V 2>&1 || true)). Debian and Ubuntu: apt-get install python3 python3-venv"; exit 1; }
	@"$(BASE_PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@test -x $(PYTHON) && $(PYTHON) -c 'import pip' 2>/dev/null || { echo "Making .venv"; "$(BASE_PYTHON)" -m venv --clear .venv; }
	@$(PYTHON) -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements-uv.lock
	@rm -f .venv/.uv-*; touch $@

$(DEMO_STAMP): requirements.lock $(UV_STAMP)
	@echo "Installing the Python packages"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --require-hashes requirements.lock
	@rm -f .venv/.demo-* .venv/.test-*; touch $@

$(TEST_STAMP): requirements-dev.lock $(UV_STAMP)
	@echo "Installing the Python packages, those for development with them"
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync -q --require-hashes requirements-dev.lock
	@rm -f .venv/.demo-* .venv/.test-*; touch $@

# npm comes as a wheel. Scripts of packages are not run: none that we use needs it.
$(NPM_DEMO_STAMP): package-lock.json $(or $(wildcard $(TEST_STAMP)),$(DEMO_STAMP))
	@echo "Installing the design system"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --ignore-scripts --omit=dev
	@touch $@

$(NPM_TEST_STAMP): package-lock.json $(TEST_STAMP)
	@echo "Installing the design system and the checkers"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --ignore-scripts
	@touch $@
