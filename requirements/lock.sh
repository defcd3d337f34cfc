#!/bin/sh
# Resolve the five lock files anew from pyproject.toml; needs uv (`pip install uv`). A version that
# stands in a lock stays unless pyproject.toml no longer allows it; pass --upgrade, or
# --upgrade-package NAME, to move on.
set -eu
cd "$(dirname "$0")/.."

lock() {
  name=$1
  shift
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-annotate --no-header --output-file "requirements/$name.lock" \
    pyproject.toml requirements/build.in "$@" >/dev/null
}

# The widest first; the others hold the same versions.
lock engines --extra postgres --extra s3 --extra train --extra test --extra browser --extra spark "$@"
same="--constraints requirements/engines.lock"
lock test --extra postgres --extra s3 --extra train --extra test --extra browser $same "$@"
lock runtime --extra postgres --extra s3 --extra train $same "$@"
lock notebooks --extra postgres --extra s3 --extra train --extra notebooks $same "$@"
# LightGBM's wheel requires scipy and narwhals, which only its Python package imports; serving
# opens its C library by itself.
lock serve --extra postgres --extra s3 --no-emit-package scipy --no-emit-package narwhals $same "$@"
