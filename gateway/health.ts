import { createServer } from 'node:http';
import type { Server } from 'node:http';

/**
 * Answers kubelet's probes: `/healthz` as long as the process is able to, `/readyz` once everything was listed and proxies are served.
 * Whether this replica leads is nobody's business here: proxies are served either way.
 */
export function serveHealth(port: number, isReady: () => boolean): Server {
  return createServer(({ url }, response) => {
    const isGood = url === '/healthz' || (url === '/readyz' && isReady());
    const isKnown = url === '/healthz' || url === '/readyz';
    response.writeHead(isGood ? 200 : isKnown ? 503 : 404).end(isGood ? 'ok\n' : 'not ready\n');
  }).listen(port);
}
