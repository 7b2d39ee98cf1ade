#!/usr/bin/env bash
# From a bare Debian 12 to Omega at work: installs, builds, and trades a synthetic market on paper. No key, network or server.
# Usage: tools/run.sh [arguments of `omega run`]      e.g. tools/run.sh --for 30s
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target omega -j "$(nproc)"
exec build/release/omega run "$@"
