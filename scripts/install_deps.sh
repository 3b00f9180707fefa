#!/usr/bin/env bash
# Installs the Debian packages that building, testing or sanitizing needs; returns at once when all are there.
# Usage: scripts/install_deps.sh [--test] [--sanitize] [--list]
# Called by ./demo, ./check and .ci/run, so that the list in packages.txt is the only one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
list=$here/packages.txt

groups=(build)
list_only=false
for argument in "$@"; do
    case $argument in
        --test) groups+=(test) ;;
        --sanitize) groups+=(test sanitize) ;;
        --list) list_only=true ;;
        -h | --help)
            sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"
            exit 0
            ;;
        *)
            echo "install_deps: unknown option '$argument' (try --help)" >&2
            exit 2
            ;;
    esac
done

wanted=()
while read -r group package; do
    for chosen in "${groups[@]}"; do
        if [[ $group == "$chosen" ]]; then
            wanted+=("$package")
            break
        fi
    done
done < <(grep -Ev '^[[:space:]]*(#|$)' "$list")

if $list_only; then
    printf '%s\n' "${wanted[@]}"
    exit 0
fi

if [[ -n ${SANQUAN_SKIP_INSTALL:-} ]]; then
    exit 0
fi
if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "install_deps: this is not a Debian system; install the like of these, then" \
        "run again with SANQUAN_SKIP_INSTALL=1:" >&2
    printf '  %s\n' "${wanted[@]}" >&2
    exit 1
fi

# The names whose status is exactly "installed"; unknown names are simply absent.
# `dpkg-query` answers non-zero when a name is unknown: that is an answer here, not a failure.
installed_now=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
    sed -n 's/^installed //p' || true)
missing=()
for package in "${wanted[@]}"; do
    grep -qxF -- "$package" <<<"$installed_now" || missing+=("$package")
done
((${#missing[@]} == 0)) && exit 0

as_root=()
if [[ $(id -u) -ne 0 ]]; then
    # Without a terminal sudo cannot ask for a password; -n then fails at once instead of hanging.
    if ! command -v sudo >/dev/null; then
        may=false
    elif [[ -t 0 ]]; then
        may=true
        as_root=(sudo)
    elif sudo -n true 2>/dev/null; then
        may=true
        as_root=(sudo -n)
    else
        may=false
    fi
    if ! $may; then
        echo "These packages are missing and this user may not install them. Ask an administrator to run:" >&2
        echo "  apt-get install ${missing[*]}" >&2
        exit 1
    fi
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        -o Acquire::Retries=3 "$@" >"$log" 2>&1
}

echo "Installing ${#missing[@]} Debian packages: ${missing[*]}"
# shellcheck source=scripts/elapsed.sh
source "$here/elapsed.sh"
if ! tell_elapsed "apt installs packages" apt install --no-install-recommends "${missing[@]}"; then
    # The package index may be missing (fresh image) or stale: refresh it once.
    if ! tell_elapsed "apt fetches the package index" apt update ||
        ! tell_elapsed "apt installs packages" apt install --no-install-recommends "${missing[@]}"; then
        tail -n 20 "$log" >&2
        echo "Installing failed (see above). Sanquan builds on Debian 12 (bookworm); this is:" >&2
        sed -n 's/^PRETTY_NAME=//p' /etc/os-release >&2
        exit 1
    fi
fi
echo "Packages installed."
