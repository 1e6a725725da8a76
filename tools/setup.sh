#!/usr/bin/env bash
# Sets a fresh machine up, once: Node.js, npm dependencies, then everything else (tools/setup.ts).
# Usage: tools/setup.sh conformance [CLUSTER], or test|kind|k3s, or official|crds RELEASE, or tools NAME...
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tools/node.sh
source "$root/tools/node.sh"

say() { printf 'setup: %s\n' "$*" >&2; }
die() { printf 'setup: %s\n' "$*" >&2; exit 3; }

cache=$(routeproof_cache)
mkdir -p "$cache" || die "cannot write the cache directory $cache; set ROUTEPROOF_CACHE to a directory that you can write"

# One set-up at a time on a machine: a second one waits and then finds everything done.
if command -v flock >/dev/null; then
  exec 9>"$cache/setup.lock"
  flock -n 9 || { say "another set-up is running; waiting for it"; flock 9; }
fi

need_npm() {
  command -v npm >/dev/null || die "no npm on this machine; install it (Debian: apt-get install npm). Node.js 24 is fetched with it where that is missing"
}

install_node() {
  need_npm
  local dir tmp
  dir=$(routeproof_node_dir)
  tmp="$dir.partial.$$"
  say "Node.js $(node --version 2>/dev/null || echo none) is older than 24.2: fetching Node.js 24 (seconds)"
  rm -rf "$tmp" && mkdir -p "$tmp/bin"
  cp "$root/tools/node/package.json" "$root/tools/node/package-lock.json" "$root/tools/node/.npmrc" "$tmp/"
  (cd "$tmp" && npm ci --silent) || { rm -rf "$tmp"; die "npm ci of tools/node failed (see above)"; }
  local binary
  binary=$(echo "$tmp"/node_modules/node-*/bin/node)
  [ -x "$binary" ] || { rm -rf "$tmp"; die "no Node.js build for $(uname -s)/$(uname -m) in tools/node/package.json; install Node.js 24.2 or newer yourself"; }
  cp "$binary" "$tmp/bin/node"
  rm -rf "$tmp/node_modules" "$dir"
  mv "$tmp" "$dir"
}

node=$(routeproof_node) || { install_node; node=$(routeproof_node) || die "the Node.js just installed does not run"; }
PATH="$(dirname "$node"):$PATH"
export PATH

# node_modules is complete when this stamp equals the lock file; an interrupted npm ci leaves no stamp. The npm package has no lock
# file: npm has brought what it needs.
stamp="$root/node_modules/.routeproof-lock"
if [ -f "$root/package-lock.json" ] && ! cmp -s "$root/package-lock.json" "$stamp"; then
  need_npm
  say "npm dependencies (about 20 s the first time)"
  (cd "$root" && npm ci --prefer-offline --silent) || die "npm ci failed (see above)"
  cp "$root/package-lock.json" "$stamp"
fi

script="$root/tools/setup.ts"
# In the npm package it is compiled.
[ -f "$script" ] || script="$root/tools/setup.js"
exec "$node" "$script" "$@"
