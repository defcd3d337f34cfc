PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/.stamps
# Two workers on two cores: threads of a library's own would only wait for one another.
PYTEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: serve demo install test explore examine lint lock test-engines test-browser clean \
  bench-features bench-learning bench-pictures bench-serve bench-console promise chaos fuzz starter

serve: $(STAMPS)/runtime
	@exec $(BIN)/refund-risk serve --demo $(if $(PORT),--port $(PORT))

demo: $(STAMPS)/runtime
	@exec $(BIN)/refund-risk demo

install: $(STAMPS)/test

test: $(STAMPS)/test
	$(PYTEST) -m "not engines and not browser"

explore: $(STAMPS)/test
	$(BIN)/python -m tests.explore $(if $(SEED),--seed $(SEED)) $(if $(SEEDS),--seeds $(SEEDS)) $(TESTS)

examine: $(STAMPS)/engines
	$(BIN)/python -m tests.examine
	$(BIN)/python -m tests.clients.generate
	$(BIN)/python -m pytest -q tests/engines/examine_spark_score.py tests/engines/examine_model_environment.py
	$(BIN)/python -m tests.hostile_files 5000

lint: $(STAMPS)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check risk training api tests
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_house.py tests/test_dependencies.py tests/test_docs.py

test-engines: $(STAMPS)/engines
	$(PYTEST) -m engines tests/engines tests/bench

test-browser: $(STAMPS)/test
	$(PYTEST) -m browser tests/browser

bench-features: $(STAMPS)/test
	$(BIN)/python -m tests.bench.features
	$(BIN)/python -m tests.bench.retail

bench-learning: $(STAMPS)/test
	$(BIN)/python -m tests.bench.learning

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

$(STAMPS)/test: requirements/test.lock pyproject.toml requirements/install.sh
	$(call environment,test)

$(STAMPS)/engines: requirements/engines.lock pyproject.toml requirements/install.sh
	$(call environment,engines)

define environment
	@echo "Making the environment in .venv from requirements/$(1).lock (once; a few minutes)."
	@PYTHON=$(PYTHON) requirements/install.sh $(1) .venv --editable
	@mkdir -p $(STAMPS) && touch $@
endef
