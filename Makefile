# `make demo`, `make test`, `make check`, `make bench`: each sets up what it needs first; harmless twice.

PYTHON ?= python3
BIN := .venv/bin
NODE_PATHS := $(CURDIR)/.venv/bin:$(PATH)
PAGES := $(shell find dashboard -path dashboard/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: demo setup test check check-python check-pages format bench pages clean

demo: setup
	$(BIN)/diemcau demo

setup: .setup/python .setup/model .setup/pages

.setup/python: pyproject.toml requirements.lock tools/system.sh
	@mkdir -p .setup
	sh tools/system.sh python $(PYTHON)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[orchestrator,site,demo,dev]'
	@touch $@

.setup/model: tools/fetch_model.py .setup/python
	$(BIN)/python tools/fetch_model.py
	@touch $@

.setup/node: .setup/python tools/node.sh
	sh tools/node.sh $(BIN)
	@touch $@

.setup/packages: dashboard/package.json dashboard/package-lock.json .setup/node
	cd dashboard && PATH="$(NODE_PATHS)" npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.setup/pages: .setup/packages $(PAGES)
	cd dashboard && PATH="$(NODE_PATHS)" npm run --silent build
	@touch $@

.setup/servers: tools/system.sh
	@mkdir -p .setup
	sh tools/system.sh test
	@touch $@

test: setup .setup/servers
	cd dashboard && PATH="$(NODE_PATHS)" npm run --silent test
	$(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder

check: setup
	$(MAKE) --no-print-directory -j2 check-python check-pages

check-python:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/architecture

check-pages:
	cd dashboard && PATH="$(NODE_PATHS)" npm run --silent check

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd dashboard && PATH="$(NODE_PATHS)" npm run --silent format

bench: setup .setup/servers
	$(BIN)/python -m tests.bench

clean:
	rm -rf .setup .venv dashboard/node_modules orchestrator/web/pages site_agent/pages var
