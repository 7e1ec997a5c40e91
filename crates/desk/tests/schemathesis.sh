#!/usr/bin/env bash
# Holds a running desk's API to its own OpenAPI document with schemathesis (PyPI): examples, coverage, fuzzing, stateful.
#   crates/desk/tests/schemathesis.sh http://127.0.0.1:8080 TOKEN [more options]
# What the document allows may still be wrong law input (facts that no vocabulary declares): the check that every valid body is accepted is left out.
set -euo pipefail
base=$1 token=$2
shift 2
exec python3 -m schemathesis.cli run "$base/api/v1/openapi.json" --url "$base" --header "Authorization: Bearer $token" \
  --checks all --exclude-checks positive_data_acceptance --phases examples,coverage,fuzzing,stateful --seed 1 --max-examples 200 "$@"
