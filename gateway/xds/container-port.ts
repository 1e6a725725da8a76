/** Ports of the proxy's own, which no listener may take. */
export const adminPort = 19000;
export const readyPort = 19001;

const firstUnprivilegedPort = 1024;
const privilegedOffset = 10_000;

/**
 * The port that Envoy listens on for each listener port of one Gateway. A proxy without privileges cannot bind ports under 1024,
 * so those move up by 10,000, further when another listener has that port already. Everything else stays where it is.
 */
export function containerPorts(listenerPorts: readonly number[]): Map<number, number> {
  const ports = new Map<number, number>();
  const taken = new Set([adminPort, readyPort]);
  const sorted = [...new Set(listenerPorts)].sort((a, b) => a - b);
  const stay = sorted.filter((port) => port >= firstUnprivilegedPort && !taken.has(port));
  for (const port of stay) {
    ports.set(port, port);
    taken.add(port);
  }
  for (const port of sorted) {
    if (ports.has(port)) continue;
    const free = nextFree(port, taken);
    ports.set(port, free);
    taken.add(free);
  }
  return ports;
}

function nextFree(port: number, taken: ReadonlySet<number>): number {
  let candidate = port;
  do {
    candidate += privilegedOffset;
    if (candidate > 65_535) candidate = firstUnprivilegedPort + (candidate % privilegedOffset);
  } while (taken.has(candidate));
  return candidate;
}
