# make data: environment, build, validation, closing table. make test: the whole suite.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet

.PHONY: data test env clean

data: env
	.venv/bin/python -m scripts build
	.venv/bin/python -m scripts validate

test: env
	.venv/bin/python -m pytest

env: .venv/.ready

.venv/.ready: requirements.lock requirements-profile.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(v != (3, 11) and "Python 3.11 is needed, this is %d.%d; name one with: make PYTHON=/path/to/python3.11" % v)'
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --require-hashes --no-deps --ignore-requires-python -r requirements-profile.lock
	touch $@

clean:
	rm -rf .venv .pytest_cache .hypothesis .techpacts-stage
