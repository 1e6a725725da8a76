/**
 * Latency of unary calls at an open arrival rate: the same backend straight, through a lean Envoy and through the gateway.
 * By hand: k6 run -e DIRECT=host:port -e GATEWAY=host:port [-e AUTHORITY=name] [-e RATE=300] suites/load/unary-latency.k6.ts
 */
import { blockOptions, Clients, currentLegs } from './shared/blocks.k6.ts';
import { unaryCall } from './shared/unary.k6.ts';

export const options = blockOptions('unary');

const clients = new Clients('echo.proto');

export function unary(): void {
  for (const leg of currentLegs()) unaryCall(clients, leg);
}
