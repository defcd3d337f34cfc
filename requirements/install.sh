#!/bin/sh
# Make or bring up to date an environment from a lock, with the product in it:
#   requirements/install.sh LOCK FOLDER [--editable]
# Only what the lock names is installed, each file checked against its hash.
set -eu
cd "$(dirname "$0")/.."
lock=requirements/$1.lock
folder=$2
python=${PYTHON:-python3}
began=$(date +%s)

"$python" -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pip() { "$folder/bin/python" -m pip install --disable-pip-version-check --no-deps "$@"; }
count=$(grep -c '^[A-Za-z0-9].*==' "$lock")

echo "1 of 3: an environment in $folder"
test -x "$folder/bin/python" || "$python" -m venv "$folder"
echo "2 of 3: $count packages of $lock, each checked (one to five minutes, by the network)"
{ pip --progress-bar off --require-hashes --requirement "$lock" || touch "$work/failed"; } |
  while IFS= read -r line; do  # an awk may read on before it prints
    case $line in
      Collecting* | Processing* | Ignoring* | "Requirement already satisfied"*)
        n=$((${n:-0} + 1))
        if [ $((n % 25)) -eq 0 ] && [ "$n" -lt "$count" ]; then
          echo "        $n of $count fetched"
        fi ;;
      "Installing collected"*) echo "        all fetched; unpacking them (about a minute)" ;;
    esac
  done
test ! -e "$work/failed"
echo "3 of 3: refund-risk itself"
if [ "${3:-}" = --editable ]; then
  pip --quiet --no-build-isolation --editable .
else
  cp -R risk training api pyproject.toml README.md LICENSE "$work"
  pip --quiet --no-build-isolation "$work"
fi
echo "The environment is ready after $(($(date +%s) - began)) s."
