#!/usr/bin/env bash
# Says what begins, and notes when, in the file that PHASES names, for the table at the end of `make test`.
echo "== $1"
if [ -n "${PHASES:-}" ]; then
  mkdir -p "$(dirname "$PHASES")"
  echo "$(date +%s.%N) $1" >>"$PHASES"
fi
