import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Bytes of text after which a part ends at the next cut. 45 kB still passed and 92 kB did not: a rule takes about three times
 * its text in the message. What follows up to the cut, the rest of one Service, comes on top.
 */
const partBytes = 30_000;

/**
 * What kube-proxy calls instead of `nft`: hands everything on, and a transaction that is too long for the kernel in several.
 *
 * nft sends a transaction in one netlink message, which must fit into the socket's send buffer. Only real root may make that
 * larger; in a user namespace it stays at `net.core.wmem_default`, 208 KiB, enough for some 150 Services. kube-proxy writes all
 * of them at once when it starts, an hour after it did so last and after any failure; once refused, it tries the same again
 * until enough Services are gone, and meanwhile serves no new one.
 *
 * No cut comes between the flush of a chain and its rules, nor between an element and the one that takes its place. What nobody can
 * see in one step is then seen in a few, some milliseconds apart.
 */
const script = `#!/bin/sh
PATH=\${PATH#*:}
[ "$*" = '-f -' ] || exec nft "$@"
umask 077
own=$0.$$
rm -f "$own".*
trap 'rm -f "$own".*' EXIT
cat >"$own.all" || exit
nft -f "$own.all" 2>"$own.error"
status=$?
grep -q 'Message too l' "$own.error" || { cat "$own.error" >&2; exit $status; }
awk -v own="$own" -v limit=${partBytes} '
  function may_cut() { return waiting == 0 && !/^add rule/ && !(/^add element/ && last ~ /^delete element/) }
  size > limit && may_cut() { close(file); size = 0 }
  /^add chain/ && !($5 in empty) { empty[$5]; waiting++ }
  /^(add rule|delete chain)/ && ($5 in empty) { delete empty[$5]; waiting-- }
  size == 0 { file = sprintf("%s.%06d", own, part++) }
  { print > file; size += length($0) + 1; last = $0 }
' "$own.all" || exit
for part in "$own".[0-9]*; do nft -f "$part" || exit; done
`;

/** Makes a directory of `dir` for the front of kube-proxy's PATH; its path. */
export function writeNftInParts(dir: string): string {
  const bin = join(dir, 'bin');
  mkdirSync(bin, { mode: 0o700 });
  writeFileSync(join(bin, 'nft'), script, { mode: 0o700 });
  return bin;
}
