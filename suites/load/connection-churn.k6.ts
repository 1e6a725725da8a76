/**
 * Calls on a connection that is kept (case `kept`), and on a new one each, timed from before it is opened to the answer.
 * By hand: k6 run -e GATEWAY=host:port -e CASE=new -e RATE=50 [-e TLS=true] [-e AUTHORITY=name] suites/load/connection-churn.k6.ts
 */
import { Trend } from 'k6/metrics';
import { blockOptions, Clients, currentLegs, fail, nowMs, type Leg } from './shared/blocks.k6.ts';
import { unaryCall } from './shared/unary.k6.ts';

export const options = blockOptions('churn');

const clients = new Clients('echo.proto');
const latency = new Trend('routeproof_latency', true);

export function churn(): void {
  for (const leg of currentLegs()) timed(leg);
}

function timed(leg: Leg): void {
  if (leg.case !== 'kept') clients.close(leg);
  const startedMs = nowMs();
  try {
    clients.of(leg);
  } catch (error) {
    fail(String(error));
    return;
  }
  unaryCall(clients, leg);
  latency.add(nowMs() - startedMs);
}
