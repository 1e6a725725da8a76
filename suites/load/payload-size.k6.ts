/**
 * Latency of unary calls whose message has a size, both ways. The case is the size in bytes.
 * By hand: k6 run -e GATEWAY=host:port -e CASE=65536 -e RATE=100 [-e AUTHORITY=name] suites/load/payload-size.k6.ts
 */
import { blockOptions, Clients, currentLegs, legs } from './shared/blocks.k6.ts';
import { unaryCall } from './shared/unary.k6.ts';

export const options = blockOptions('sized');

const clients = new Clients('echo.proto');
const texts = new Map(legs.map((leg) => [leg.case, 'x'.repeat(Number(leg.case))]));

export function sized(): void {
  for (const leg of currentLegs()) unaryCall(clients, leg, texts.get(leg.case));
}
