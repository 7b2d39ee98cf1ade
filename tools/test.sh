#!/usr/bin/env bash
# Installs what is needed, builds and runs every test: once under ASan + UBSan, the threads once more under TSan.
# Recordings in ../shared/data are used where they are; without them those tests say `skipped: no ../shared/data`.
# Usage: tools/test.sh
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh
jobs=$(($(nproc) + 1))  # one waits for the disk while the others compute

cmake --preset tsan >/dev/null
cmake --build --preset tsan -j "$jobs" --target tests_threads
build/tsan/tests_threads --gtest_brief=1

# TA-Lib, to compare indicators with, and ccxt, to judge the venue simulator; without npm those tests are skipped and say so.
if command -v npm >/dev/null; then
  for folder in tests/tools/talib tests/acceptance; do
    npm ci --prefix "$folder" --no-audit --no-fund --silent || echo "test: npm could not install what $folder needs"
  done
fi

cmake --preset dev >/dev/null
cmake --build --preset dev -j "$jobs"
ctest --preset dev -j "$jobs" --output-on-failure
