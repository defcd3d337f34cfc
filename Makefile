PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/.stamps
# Two workers on two cores: threads of a library's own would only wait for one another.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
HOUSE := tests/test_house.py tests/test_dependencies.py tests/test_docs.py

# Images often forbid it; here every process of a test would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve port demo notebooks install test explore examine lint lint-style lint-types lock test-whole test-engines test-browser clean \
  bench-features bench-learning bench-pictures bench-serve bench-console promise chaos fuzz starter

serve: port $(STAMPS)/runtime
	@exec $(BIN)/refund-risk serve --demo $(if $(PORT),--port $(PORT))

port:
	@$(PYTHON) requirements/free_port.py $(or $(PORT),8000)

demo: $(STAMPS)/runtime
	@exec $(BIN)/refund-risk demo $(if $(PORT),--at http://127.0.0.1:$(PORT))

notebooks: $(STAMPS)/notebooks
	@exec $(BIN)/jupyter lab notebooks $(if $(PORT),--port $(PORT)) $(if $(filter 0,$(shell id -u)),--allow-root)

install: $(STAMPS)/test

test: $(STAMPS)/test
	$(PYTEST) -m "not whole and not engines and not browser" $(HOUSE:%=--ignore=%)

test-whole: $(STAMPS)/test
	$(PYTEST) -m whole $$(grep -rl --include='test_*.py' pytest.mark.whole tests)

explore: $(STAMPS)/test
	$(BIN)/python -m tests.explore $(if $(SEED),--seed $(SEED)) $(if $(SEEDS),--seeds $(SEEDS)) \
	  $(if $(ONE_IN),--one-in $(ONE_IN)) $(TESTS)

examine: $(STAMPS)/engines
	$(BIN)/python -m tests.examine
	$(BIN)/python -m tests.clients.generate
	$(BIN)/python -m pytest -q tests/engines/examine_*.py
	$(BIN)/python -m tests.hostile_files 5000

lint: lint-style lint-types

lint-style: $(STAMPS)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check risk training api tests
	$(BIN)/python -m pytest -q $(HOUSE)

lint-types: $(STAMPS)/test
	$(BIN)/mypy

test-engines: $(STAMPS)/engines
	$(PYTEST) -m engines tests/engines tests/bench

test-browser: $(STAMPS)/test
	$(PYTEST) -m browser tests/browser

bench-features: $(STAMPS)/test
	$(BIN)/python -m tests.bench.features
	$(BIN)/python -m tests.bench.retail

bench-learning: $(STAMPS)/test
	OMP_THREAD_LIMIT=1 $(BIN)/python -m tests.bench.learning --refunds 100000 --jobs 2

starter: $(STAMPS)/test
	$(BIN)/refund-risk fit-starter

promise: $(STAMPS)/test
	$(BIN)/python -m tests.bench.promise

bench-serve: $(STAMPS)/engines
	$(BIN)/python -m tests.bench.serve

bench-pictures: $(STAMPS)/test
	$(BIN)/python -m tests.bench.pictures

bench-console: $(STAMPS)/test
	$(BIN)/python -m tests.bench.console

chaos: $(STAMPS)/engines
	$(BIN)/python -m tests.bench.chaos

fuzz: $(STAMPS)/engines
	$(BIN)/python -m tests.bench.fuzz

lock:
	requirements/lock.sh

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis

$(STAMPS)/runtime: requirements/runtime.lock pyproject.toml requirements/install.sh
	$(call environment,runtime)

$(STAMPS)/notebooks: requirements/notebooks.lock pyproject.toml requirements/install.sh
	$(call environment,notebooks)

$(STAMPS)/test: requirements/test.lock pyproject.toml requirements/install.sh
	$(call environment,test)

$(STAMPS)/engines: requirements/engines.lock pyproject.toml requirements/install.sh
	$(call environment,engines)

define environment
	@PYTHON=$(PYTHON) requirements/install.sh $(1) .venv --editable
	@mkdir -p $(STAMPS) && touch $@
endef
