#!/usr/bin/env bash
# Gate: every C++ file is as clang-format 19 writes it. Usage: scripts/check_format.sh [--fix] [--root DIR]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
fix=false
while (($# > 0)); do
    case $1 in
        --fix) fix=true ;;
        --root)
            root=$2
            shift
            ;;
        *)
            echo "usage: $0 [--fix] [--root DIR]" >&2
            exit 2
            ;;
    esac
    shift
done

# Other versions break lines differently; the version is fixed here and in packages.txt.
formatter=clang-format-19
if ! command -v $formatter >/dev/null; then
    echo "format: RED, $formatter is missing; run scripts/install_deps.sh --test"
    exit 1
fi
cd "$root"
if [[ -e .git ]]; then
    mapfile -t files < <(git ls-files -co --exclude-standard -- '*.h' '*.cc' | sort -u)
else
    mapfile -t files < <(find . -name build -prune -o \( -name '*.h' -o -name '*.cc' \) -print | sort)
fi
existing=()
for file in "${files[@]}"; do
    [[ -f $file ]] && existing+=("$file")
done
if $fix; then
    printf '%s\0' "${existing[@]}" | xargs -0 -n 16 -P "$(nproc)" $formatter -i
    echo "format: ${#existing[@]} files formatted"
    exit 0
fi
# shellcheck disable=SC2016  # $0 belongs to the inner shell
wrong=$(printf '%s\0' "${existing[@]}" | xargs -0 -n 1 -P "$(nproc)" \
    sh -c 'clang-format-19 --dry-run -Werror "$0" 2>/dev/null || echo "$0:1: differs from clang-format 19"' | sort)
if [[ -n $wrong ]]; then
    echo "$wrong"
    echo "format: RED; run ./check --fix"
    exit 1
fi
echo "format: green, ${#existing[@]} files"
