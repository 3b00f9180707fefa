#!/usr/bin/env bash
# Sourced by ./demo and install_deps.sh: tells every 15 seconds that a step without output is still under way.

# tell_elapsed WHAT COMMAND…: runs the command in the foreground; its exit code is the answer.
tell_elapsed() {
    local what=$1 status=0
    shift
    # A background process ignores Ctrl-C, so it looks after its parent.
    (
        next=$((SECONDS + 15)) began=$SECONDS
        while sleep 1 && kill -0 $$ 2>/dev/null; do
            if ((SECONDS >= next)); then
                next=$((SECONDS + 15))
                printf '  ... %s (%d s)\n' "$what" $((SECONDS - began))
            fi
        done
    ) &
    local ticker=$!
    "$@" || status=$?
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    return "$status"
}
