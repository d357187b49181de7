PYTHON ?= python3
BIN := .venv/bin
LOCK := requirements-dev.lock
DJANGO_CHECK_ENV := DEBUG=false SECRET_KEY=only-for-the-checks-0123456789-abcdefghij-klmnopqrstuvwxyz FIELD_KEYS=b25seS1mb3ItdGhlLWNoZWNrcy1vbmx5LWZvci1jaGU= SECURE=true VAR_DIR=/nonexistent

.PHONY: setup run test check fmt messages vendor lock screenshots chromium

setup: .venv/installed staticfiles/staticfiles.json  ## install everything into .venv

.venv/installed: $(LOCK) pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Install Python's venv module first: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python tools/messages.py
	@touch $@

staticfiles/staticfiles.json: .venv/installed $(shell find static -type f)
	@VAR_DIR=/nonexistent $(DJANGO_CHECK_ENV) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

run: setup  ## the demo on http://127.0.0.1:8000
	@exec $(BIN)/python manage.py up --demo

check: setup  ## lint, types, layers, templates, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(DJANGO_CHECK_ENV) $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(DJANGO_CHECK_ENV) $(BIN)/python manage.py makemigrations --check --dry-run
	$(DJANGO_CHECK_ENV) $(BIN)/python manage.py check --deploy --fail-level WARNING

test: check chromium  ## every check that CI runs
	$(BIN)/python tools/test_run.py

chromium:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || { command -v sudo >/dev/null && sudo -n apt-get update -qq && sudo -n apt-get install -y -qq chromium >/dev/null; } \
	  || { echo "The browser tests need Debian's chromium: apt-get install chromium"; exit 1; }

fmt:  ## put the code in order
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

messages:  ## merge the translations of each room and compile them
	$(BIN)/python tools/messages.py

vendor:  ## copy third-party front-end files from npm, with licences and hashes
	npm ci --silent
	$(BIN)/python tools/vendor.py

lock: setup  ## pin the dependencies again
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml --group dev -o requirements-dev.lock

screenshots: setup chromium  ## photograph every page into var/screenshots
	$(BIN)/python -m tests.e2e.screenshots
