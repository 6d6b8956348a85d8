# Two commands: `make run` answers, `make test` proves it. Everything else serves these.
PYTHON ?= python3
ESCALE := .venv/app/bin/escale

.PHONY: help run setup test lint lock messages evaluate report compare bench screenshots clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: setup ## build what is missing, then answer at http://localhost:8000
	@exec $(ESCALE) run

setup: ## build both environments and nothing else
	@$(PYTHON) -m bot.environments app engine

test: ## everything: style, types, both sides, a trained model, a running engine, a browser
	@$(PYTHON) -m bot.environments app engine dev
	@$(MAKE) --no-print-directory lint
	@echo "· Engine side, Python 3.10"
	@PYTHONPATH=. .venv/engine/bin/python -W ignore -m pytest -c tests/nlu/pytest.ini --rootdir . --confcutdir tests/nlu tests/nlu
	@echo "· App side, with a trained model and a running engine"
	@.venv/app/bin/python -m pytest

lint: ## style, types, and who may import whom
	@.venv/app/bin/ruff format --check .
	@.venv/app/bin/ruff check .
	@.venv/app/bin/mypy
	@.venv/app/bin/lint-imports

evaluate: setup ## how well messages are understood, per language
	@.venv/app/bin/escale evaluate tests/evaluation/[a-z][a-z].csv

report: setup ## the same with pictures, danger, thresholds and learning curves: docs/understanding/report.md
	@.venv/app/bin/python -m benchmarks.report

compare: setup ## other ways of understanding on the same sentences (an hour): docs/understanding/comparison.md
	@PYTHONPATH=. RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 .venv/engine/bin/python -W ignore -m benchmarks.comparison

bench: ## measure: turns against Rasa's starter bot; the directory at the size of France
	@$(PYTHON) -m bot.environments app engine dev
	@.venv/app/bin/python -m benchmarks.turns
	@.venv/app/bin/python -m benchmarks.directory

screenshots: ## pictures of conversations for the README, from a running Escale
	@$(PYTHON) -m bot.environments app engine dev
	@.venv/app/bin/python -m tests.browser.screenshots

messages: ## bring the translation files up to date with the sentences in the code
	@.venv/app/bin/python -m bot.i18n.messages

UV := .venv/tools/bin/uv
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate

lock: setup ## pin the newest versions that fit pyproject.toml (add UPGRADE=--upgrade)
	$(COMPILE) $(UPGRADE) --python-version 3.11 --group tools -o requirements/tools.txt
	$(COMPILE) $(UPGRADE) --python-version 3.10 --group engine -o requirements/engine.txt
	$(COMPILE) $(UPGRADE) --python-version 3.11 --group app -o requirements/app.txt
	$(COMPILE) $(UPGRADE) --python-version 3.11 --group dev -c requirements/app.txt -o requirements/dev.txt

clean: ## remove environments; databases and models under var/ stay
	rm -rf .venv
