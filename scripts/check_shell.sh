#!/usr/bin/env bash
# Gate: every shell script passes shellcheck. Usage: scripts/check_shell.sh [--root DIR]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ ${1:-} == --root ]]; then
    root=$2
fi
if ! command -v shellcheck >/dev/null; then
    echo "shell: RED, shellcheck is missing; run scripts/install_deps.sh --test"
    exit 1
fi
cd "$root"
scripts=()
while IFS= read -r file; do
    [[ -f $file ]] || continue
    # Scripts are known by their first line, not by their name: ./check has no suffix.
    if head -c 64 "$file" | head -n 1 | tr -d '\0' | grep -qE '^#!.*\b(bash|sh)\b'; then
        scripts+=("$file")
    fi
done < <(if [[ -e .git ]]; then
    git ls-files -co --exclude-standard | grep -vE '\.(cc|h|md|py|json|csv|proto|def|txt|table)$'
else
    find . -name build -prune -o -type f ! -name '*.cc' ! -name '*.h' ! -name '*.md' -print
fi | sort -u)
if ! shellcheck -x -S info "${scripts[@]}"; then
    echo "shell: RED"
    exit 1
fi
echo "shell: green, ${#scripts[@]} scripts"
