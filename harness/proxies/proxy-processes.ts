import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * Processes of these pods: those whose network namespace owns one of the addresses. Works for any implementation where this
 * process can see the pods' processes (the local cluster, a single-node one as root); elsewhere the list is empty.
 */
export function processesOfPods(podIps: readonly string[]): number[] {
  const wanted = new Map<string, boolean>();
  return processIds().filter((pid) => {
    const namespace = networkNamespace(pid);
    if (namespace === undefined) return false;
    const known = wanted.get(namespace);
    if (known !== undefined) return known;
    const owns = ownsOneOf(pid, podIps);
    wanted.set(namespace, owns);
    return owns;
  });
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function networkNamespace(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** fib_trie lists an address as a line `|-- ADDRESS`; the line after it says `/32 host LOCAL` when it is an own one. */
function ownsOneOf(pid: number, addresses: readonly string[]): boolean {
  try {
    const lines = readFileSync(`/proc/${pid}/net/fib_trie`, 'utf8').split('\n');
    return lines.some((line, index) => {
      const address = /-- (\S+)$/.exec(line)?.[1];
      return (
        address !== undefined && addresses.includes(address) && /host LOCAL/.test(lines[index + 1] ?? '')
      );
    });
  } catch {
    return false;
  }
}
