/**
 * Latency of unary calls whose rule matches a number of headers; every side carries the headers, only the gateway matches them.
 * By hand: k6 run -e DIRECT=host:port -e GATEWAY=host:port [-e AUTHORITY=name] [-e RATE=300] suites/load/headers.k6.ts
 */
import { blockOptions, Clients, currentLegs } from './shared/blocks.k6.ts';
import { unaryCall } from './shared/unary.k6.ts';

export const options = blockOptions('unary');

const clients = new Clients('echo.proto');

export function unary(): void {
  for (const leg of currentLegs()) unaryCall(clients, leg);
}
