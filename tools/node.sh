# shellcheck shell=bash
# Finds the Node.js to run with: the system's when it is 24.2 or newer, else the pinned one in the cache.
# Sourced by setup.sh and bin/routeproof. The cache layout is that of common/tools.ts.

routeproof_cache() {
  printf '%s' "${ROUTEPROOF_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/routeproof}"
}

routeproof_node_dir() {
  local arch here
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  case "$(uname -m)" in
    x86_64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) arch=$(uname -m) ;;
  esac
  local hash
  hash=$({ printf '%s' "$arch"; cat "$here/node/package.json" "$here/node/package-lock.json"; } | sha256sum | cut -c1-12)
  printf '%s/node-%s' "$(routeproof_cache)" "$hash"
}

# Prints the path of a Node.js that is new enough; fails when there is none yet.
routeproof_node() {
  local pinned
  pinned="$(routeproof_node_dir)/bin/node"
  if [ -x "$pinned" ]; then
    printf '%s' "$pinned"
    return 0
  fi
  local system
  system=$(command -v node) || return 1
  "$system" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 24 || (a === 24 && b >= 2) ? 0 : 1)' || return 1
  printf '%s' "$system"
}
