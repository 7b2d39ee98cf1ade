#!/usr/bin/env bash
# From a bare Debian 12 to Omega at work: installs, builds, and trades on venues that it simulates itself, over real
# WebSockets and TLS on loopback. No key, network or server.
# Usage: tools/run.sh [arguments of `omega run`]      e.g. tools/run.sh --for 30s
#        with --config FILE it runs that configuration instead of config/venue-sim.yaml
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh
cmake --preset release >/dev/null
cmake --build --preset release --target omega -j "$(nproc)"
for argument in "$@"; do
  case "$argument" in -c | --config | --config=*) exec build/release/omega run "$@" ;; esac
done
exec build/release/omega run --config config/venue-sim.yaml "$@"
