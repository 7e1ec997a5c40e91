#!/usr/bin/env bash
# Holds a running desk's API to its own OpenAPI document with schemathesis (PyPI): examples, coverage, fuzzing, stateful; all checks, two minutes at most.
#   crates/desk/tests/schemathesis.sh http://127.0.0.1:8080 TOKEN [more options]
# The desk changes under it: give it one with nothing real in it.
set -euo pipefail
base=$1 token=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
program=$here/../../../target/schemathesis/bin/schemathesis
[ -x "$program" ] || program=schemathesis
if ! command -v "$program" >/dev/null; then
  echo "schemathesis is missing: python3 -m venv target/schemathesis && target/schemathesis/bin/pip install schemathesis" >&2
  exit 1
fi
# What it keeps of a run goes with the run.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
timeout 180 "$program" --config-file "$here/schemathesis.toml" run "$base/api/v1/openapi.json" --url "$base" \
  --header "Authorization: Bearer $token" --phases examples,coverage,fuzzing,stateful --max-time 90 --seed 1 "$@"
