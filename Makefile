# `make demo` shows the tool, `make test` proves it, `make check` reads the code.
# Needs Python 3.11 or newer; everything else goes into .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN = .venv/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE = uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11

.PHONY: demo test test-elsewhere faults mutants check bench pictures reference lock catalogues clean

demo: .venv/demo
	$(BIN)/newsletter demo

test: .venv/dev
	.ci/system-packages
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The same as an ordinary user, in a clone of their own, in New Zealand.
test-elsewhere:
	.ci/test-elsewhere

# Faults by chance and kills at any system call, thirty times as many as in the tests; SEED=… draws others.
faults: .venv/dev
	FAULTS=30 $(BIN)/python -m pytest tests/faults

# Do the tests notice when a decision is changed? Half an hour; survivors are printed.
mutants: .venv/dev
	$(BIN)/python -m tests.mutants

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.ci/check-javascript

bench: .venv/dev
	$(BIN)/python -m benchmarks

pictures: .venv/dev
	$(BIN)/python docs/make_pictures.py

# The environment is made anew when the list of packages changes.
.venv/python:
	@test -n "$(PYTHON)" || { echo "newsletter needs Python 3.11 or newer. Debian, Ubuntu: apt install python3-venv. macOS: brew install python" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing. Debian, Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

.venv/demo: .venv/python requirements.txt
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/python requirements-dev.txt
	$(PIP) --require-hashes -r requirements-dev.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ .venv/demo

# For who changes the project: both need uv or babel from the environment.
lock:
	$(COMPILE) --group build pyproject.toml -o requirements.txt
	$(COMPILE) --group build --group dev pyproject.toml -o requirements-dev.txt

reference: .venv/dev
	LANGUAGE=en $(BIN)/python docs/make_reference.py

catalogues: .venv/dev
	$(BIN)/python -m tests.project.catalogues

clean:
	rm -rf .venv
