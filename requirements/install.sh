#!/bin/sh
# Make or bring up to date an environment from a lock, with the product in it:
#   requirements/install.sh LOCK FOLDER [--editable]
# Only what the lock names is installed, each file checked against its hash.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/$1.lock
folder=$2
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
test -x "$folder/bin/python" || "$python" -m venv "$folder"
pip() { "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$@"; }
pip --require-hashes --requirement "$lock"
if [ "${3:-}" = --editable ]; then
  pip --no-build-isolation --editable .
else
  source=$(mktemp -d)
  trap 'rm -rf "$source"' EXIT
  cp -R risk training api pyproject.toml README.md LICENSE "$source"
  pip --no-build-isolation "$source"
fi
