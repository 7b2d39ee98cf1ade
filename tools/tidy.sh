#!/usr/bin/env bash
# Runs clang-tidy 14 with .clang-tidy over the sources of the libraries and programs; exits 1 where it finds something.
# Sources of one folder are read together, eight at a time, since most of the time goes into the headers they share; where
# their names clash they are read one by one.
# Usage: tools/tidy.sh [folder or file ...]        (default: core feeds pipeline strategies gateways tools bench)
set -uo pipefail
cd "$(dirname "$0")/.."
tidy=$(command -v clang-tidy-14 || command -v clang-tidy) || { echo "tidy: clang-tidy is not installed" >&2; exit 2; }
[ $# -gt 0 ] || set -- core feeds pipeline strategies gateways tools bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The analyzer follows the sources a main file includes only where that file's name begins with UnifiedSource.
together=$work/UnifiedSource.cpp
found=0

check() {  # sources
  local left_out=-bugprone-suspicious-include
  [[ $1 == bench/* ]] && left_out+=,-clang-analyzer-deadcode.DeadStores  # `for (auto _ : state)` is the library's way
  printf '#include "%s"\n' "$@" >"$together"
  "$tidy" "$together" --config-file=.clang-tidy --checks="$left_out" \
    --header-filter='(core|feeds|pipeline|strategies|gateways|tools)/.*\.[ch]pp$' --quiet \
    -- -std=c++20 -I. -march=x86-64-v3 -mpclmul -Wno-everything >"$work/findings" 2>"$work/errors"
  if grep -q ' error: ' "$work/findings"; then
    [ $# -eq 1 ] || { for source in "$@"; do check "$source"; done; return; }
  fi
  echo "tidy: $*"
  if grep -E ': (warning|error): ' "$work/findings" >/dev/null; then
    cat "$work/findings"
    found=1
  fi
}

for folder in $(git ls-files -- "$@" | grep '\.cpp$' | xargs -n1 dirname | sort -u); do
  mapfile -t sources < <(git ls-files -- "$@" | grep -E "^$folder/[^/]+\.cpp$")
  for ((first = 0; first < ${#sources[@]}; first += 8)); do check "${sources[@]:first:8}"; done
done
exit $found
