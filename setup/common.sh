# Shared by the scripts of this folder: where things are kept and how progress is told.
#
# What is installed for the build lives in one cache outside the checkout, so that every clone on a machine
# shares it. Nothing here writes into the checkout.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${QUITTANCE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/quittance}"
TOOLS="$CACHE/tools"
mkdir -p "$CACHE" "$TOOLS"

RUST_VERSION=1.96
CARGO_LEPTOS_VERSION=0.3.11
# The command line tool must be the exact version of the library in Cargo.lock.
WASM_BINDGEN_VERSION=0.2.130
LOCALSTRIPE_VERSION=1.15.10
STRIPE_PYTHON_VERSION=16.1.0
STATEFUL_MOCK_VERSION=0.0.16

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# as_root CMD...: runs it as root, by itself or through sudo.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else fail "this needs root: $*"
  fi
}

# apt_install PACKAGE...: installs Debian packages that are missing.
apt_install() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  have apt-get || fail "please install: ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
