# make data: environment, build, validation, closing table. make test: every kind of check, in a few
# minutes. make test-all: all of every kind. make mutants: every planted fault and
# docs/reference/mutants.md. make bench: docs/reference/benchmarks.md. make fuzz, make kills: docs/robustness.md, with SEED=2 for other inputs.
# make scale: docs/reference/scale.md. make spark: what counts works of OpenAlex on a cluster (needs Java 17).
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
SEED ?= 1

.PHONY: data docs test test-all lint release mutants deep bench fuzz kills scale env clients spark clean

data: env
	.venv/bin/python -m scripts build
	.venv/bin/python -m scripts docs
	.venv/bin/python -m scripts validate

# What follows from the data in the pages: codebook, list of modules, answers, counts.
docs: env
	.venv/bin/python -m scripts docs

test: env
	.venv/bin/python -m pytest

# Then the rest: the real package where make test takes the made-up one, every mutant, all drawn packages.
test-all: test
	.venv/bin/python -m pytest -m "slow or drawn"

# Layout, types, directions of imports.
lint: env
	.venv/bin/ruff format --check scripts tests benchmarks
	.venv/bin/ruff check scripts tests benchmarks
	.venv/bin/mypy
	.venv/bin/lint-imports

# dist/: the package as a zip and in every format; what changed is added with SINCE=OLD, a git revision, folder or zip.
release: env
	.venv/bin/python -m scripts release $(if $(SINCE),--since $(SINCE))

# About ten minutes on two cores; a part: .venv/bin/python -m tests.mutants OPERATOR-OR-GROUP ...
mutants: env
	.venv/bin/python -m tests.mutants

# About ten minutes: forty times as many drawn packages as make test-all has, each time others.
deep: env
	.venv/bin/python -m pytest --hypothesis-profile deep tests/validation/test_differential.py tests/validation/test_metamorphic.py

# About an hour on two cores, 12 GiB of memory and 4 GB of disk; fewer sizes: .venv/bin/python -m benchmarks --sizes 1000,10000
bench: .venv/.extra-ready
	.venv/bin/python -m benchmarks

# About forty minutes on two cores.
fuzz: env
	.venv/bin/python -m benchmarks.fuzz --inputs 100000 --seed $(SEED) --jobs 2

# About ten minutes.
kills: env
	.venv/bin/python -m benchmarks.kills --kills 200 --seed $(SEED)

# About half an hour on two cores, and 10 GB of disk; fewer sizes: .venv/bin/python -m benchmarks.scale --sizes 100000,300000
scale: .venv/.extra-ready
	.venv/bin/python -m benchmarks.scale

clients: .venv/.clients-ready

spark: .venv/.extra-ready

env: .venv/.ready

.venv/.ready: requirements.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(v != (3, 11) and "Python 3.11 is needed, this is %d.%d; name one with: make PYTHON=/path/to/python3.11" % v)'
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes --no-deps --ignore-requires-python -r requirements.lock
	touch $@

# Pip makes the wheel of Spark from its archive, which takes half a minute.
.venv/.extra-ready: .venv/.ready requirements-extra.lock
	$(PIP) install --require-hashes --no-deps -r requirements-extra.lock
	touch $@

# cffconvert asks for an old jsonschema, so it has an environment of its own.
.venv/.clients-ready: .venv/.extra-ready requirements-cff.lock tests/javascript/package-lock.json
	$(PYTHON) -m venv --clear .venv/cff
	.venv/cff/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-cff.lock
	if command -v npm >/dev/null; then npm ci --no-audit --no-fund --silent --prefix tests/javascript; fi
	touch $@

clean:
	rm -rf .venv .bench dist .pytest_cache .hypothesis .techpacts-stage
