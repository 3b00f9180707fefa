#!/usr/bin/env bash
# Gate (slow, part of ./check --sanitize): clang-tidy 19 with .clang-tidy finds nothing in the product's sources.
# Usage: scripts/check_tidy.sh BUILD_DIR [SOURCE.cc...]     BUILD_DIR holds compile_commands.json of a clang build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${1:?usage: check_tidy.sh BUILD_DIR [SOURCE.cc...]}
shift
if ! command -v clang-tidy-19 >/dev/null; then
    echo "tidy: RED, clang-tidy-19 is missing; run scripts/install_deps.sh --sanitize"
    exit 1
fi
if (($# > 0)); then
    files=("$@")
else
    # Product sources only: generated files and tests are compiled with warnings, not linted.
    mapfile -t files < <(jq -r '.[].file' "$build/compile_commands.json" |
        grep -E "^$PWD/(ledger|consensus|contracts|node|client)/" | sort -u)
fi
if ((${#files[@]} == 0)); then
    echo "tidy: RED, $build names no source of this tree"
    exit 1
fi
if ! printf '%s\0' "${files[@]}" |
    xargs -0 -n 1 -P "${SANQUAN_JOBS:-$(nproc)}" clang-tidy-19 --quiet -p "$build" 2>/dev/null; then
    echo "tidy: RED"
    exit 1
fi
echo "tidy: green, ${#files[@]} sources"
