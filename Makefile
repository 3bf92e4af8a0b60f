# make run | test | test-long | check | bench: each sets up .venv from the hashed lock first. See README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-long check bench setup format lock kernel kernel-clean

# --no-deps: the lock is whole. Older pips otherwise resolve "pydantic[email]" past it as soon as a newer release is out.
$(VENV)/.done: requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Samsyn needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

setup: $(VENV)/.done

run: setup
	exec $(BIN)/samsyn up --demo --port $(PORT)

# Two at a time, a file's tests together: its servers and scenes are made once. In the order of tests/conftest.py, the
# longest first: the plugin's own order leaves the long files with few tests to the end, and one process idle.
test: setup
	$(BIN)/python -m pytest -m "not long" -n 2 --dist loadfile --no-loadscope-reorder

test-long: setup
	$(BIN)/python -m pytest -m long

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_layout.py tests/texts tests/core/test_migrations.py

bench: setup
	$(BIN)/python -m tests.bench

# The planner's kernel built ahead by mypyc, where a C compiler is: the same code, the same plans, about three times as fast.
# It lies beside the sources and goes stale with them: build it for an image or a bench, "make kernel-clean" takes it away.
KERNEL := $(addprefix samsyn/planning/campaigns/,instance.py ledger.py board.py matching.py choosing.py search.py)
kernel: setup kernel-clean
	cd inspect && MYPYPATH=. ../$(BIN)/mypyc --config-file ../config/mypyc.ini $(KERNEL) && rm -rf build

kernel-clean:
	rm -rf inspect/build inspect/*__mypyc*.so inspect/samsyn/planning/campaigns/*.so

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Needs uv; writes no index address. requirements.txt is for work here, requirements-run.txt for the image.
LOCK := uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-annotate -q
lock:
	$(LOCK) --extra dev -o requirements.txt
	$(LOCK) --extra build -c requirements.txt -o requirements-run.txt
