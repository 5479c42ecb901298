#!/bin/sh
# pyproject.toml -> requirements.lock, requirements-dev.lock, requirements-fuzz.lock, requirements-bench.lock, requirements-spark.lock, at the newest versions.
set -eu
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT
"${PYTHON:-python3}" -m venv "$venv"
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
$pip install --upgrade pip  # older ones cannot resolve the benchmarks' extras
touch "$venv/known"

freeze() {  # freeze EXTRAS FILE TITLE: what the extras add to the locks before
    $pip install --editable ".$1"
    $pip freeze --exclude-editable | grep -vE '^(pip|setuptools)==' | grep -vxFf "$venv/known" > "$venv/new" || true
    cat "$venv/new" >> "$venv/known"
    { echo "# $3 Made anew with: make lock"; cat "$venv/new"; } > "$2"
}
freeze "" requirements.lock "Exact versions of everything newsmill needs to run."
freeze "[dev]" requirements-dev.lock "Exact versions of what tests and checks need beside requirements.lock."
freeze "[fuzz]" requirements-fuzz.lock "Exact version of what fuzzing needs beside requirements-dev.lock."
freeze "[bench]" requirements-bench.lock "Exact versions of what the benchmarks need beside the two other locks."
freeze "[spark]" requirements-spark.lock "Exact versions of what backfill needs beside the locks before; and Java 17 or later."
