# Heedful. `make` alone lists what there is to do; nothing has to be installed by hand.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
# The part of portal/ that the tests must reach, in percent of its branches.
GATE ?= 100
JOBS ?= auto
export PORT

.DEFAULT_GOAL := help
.PHONY: help run stop test test-fast faults check lint format coverage bench backup restore lock browser clean \
	environment environment-dev

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-11s %s\n", $$1, $$2}'

run: environment ## start everything on http://127.0.0.1:8000 (PORT=...), with an invented company
	@exec $(BIN)/python -m portal.launch run

stop: ## stop what `make run` started, also after a crash
	@$(BIN)/python -m portal.launch stop

test: environment-dev ## every test but the long kill tests, browser included (BROWSER_TESTS=0 leaves that out)
	@GATE=$(GATE) JOBS=$(JOBS) .ci/test "not faults"

test-fast: environment-dev ## the tests without browser and without coverage
	@$(BIN)/python -m pytest -q -n $(JOBS) -m "not faults and not browser"

faults: environment-dev ## the tests that kill real processes
	@$(BIN)/python -m pytest -q -n $(JOBS) -m faults

check: environment-dev ## format, lint, types, layers, templates, structure, migration SQL, known vulnerabilities
	@.ci/check

lint: environment-dev ## what ruff and the layer contracts say
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

format: environment-dev ## put all Python files into the house format
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

coverage: environment-dev ## every test, the long ones too, with the branches they miss (htmlcov/)
	@GATE=$(GATE) JOBS=$(JOBS) .ci/test "" --cov-report=html

bench: environment-dev ## measure; results on the screen
	@for file in bench/*.py bench/*/*.py; do [ -e "$$file" ] && case "$$file" in */__init__.py) ;; *) \
		echo "== $$file" && $(BIN)/python "$$file" || exit 1 ;; esac; done

backup: environment ## write the database into var/backups
	@$(BIN)/python -m portal.launch backup

restore: environment ## replace the database by FILE=var/backups/...
	@test -n "$(FILE)" || { echo "Say which: make restore FILE=var/backups/heedful-....dump"; exit 1; }
	@$(BIN)/python -m portal.launch restore "$(FILE)"

lock: ## compile requirements*.txt anew (needs uv)
	@command -v uv >/dev/null || { echo "uv was not found; install it (https://docs.astral.sh/uv/), then run make lock."; exit 1; }
	uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements-dev.in -o requirements-dev.txt

browser: environment-dev ## find or fetch the browser of the tests and print its path
	@$(BIN)/python -m portal.launch browser

clean: ## remove caches and results of tests; data in var/ and .env stay
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache htmlcov coverage.xml .coverage .coverage.*
	@find . -name __pycache__ -type d -not -path "./.venv/*" -prune -exec rm -rf {} +

environment:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found; install one, or name it: make run PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m portal.launch setup requirements.txt

environment-dev:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found; install one, or name it: make test PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m portal.launch setup requirements-dev.txt
