/**
 * Latency of unary calls that the last of many rules of a hostname matches: which one a header says.
 * By hand: k6 run -e DIRECT=host:port -e GATEWAY=host:port [-e AUTHORITY=name] [-e RATE=300] suites/load/rules.k6.ts
 */
import { blockOptions, Clients, currentLegs } from './shared/blocks.k6.ts';
import { unaryCall } from './shared/unary.k6.ts';

export const options = blockOptions('unary');

const clients = new Clients('echo.proto');

export function unary(): void {
  for (const leg of currentLegs()) unaryCall(clients, leg);
}
