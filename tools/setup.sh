#!/usr/bin/env bash
# Installs what Omega needs to build, run and test on Debian 12. Idempotent; with or without sudo; prints what it installs.
# Usage: tools/setup.sh [--list]
set -euo pipefail

packages=(
  g++ cmake ninja-build ccache mold pkg-config git
  libboost-dev libssl-dev libsimdjson-dev libfmt-dev libspdlog-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev
  libconcurrentqueue-dev libzstd-dev zlib1g-dev libnova-dev
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev libreaderwriterqueue-dev libfast-float-dev
)
if [ "${1:-}" = --list ]; then printf '%s\n' "${packages[@]}"; exit 0; fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then echo "setup: all ${#packages[@]} packages are installed"; exit 0; fi
echo "setup: installing ${missing[*]}"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup: not root and no sudo; as root run: apt-get install ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "setup: done"
