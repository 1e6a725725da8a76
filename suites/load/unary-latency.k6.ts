/**
 * Latency of unary calls at an open arrival rate: the same backend straight, through a lean Envoy and through the gateway.
 * By hand: k6 run -e DIRECT=host:port -e GATEWAY=host:port [-e AUTHORITY=name] [-e RATE=300] suites/load/unary-latency.k6.ts
 */
import { StatusOK } from 'k6/net/grpc';
import { blockOptions, Clients, currentLegs, fail, messageOf } from './shared/blocks.k6.ts';

export const options = blockOptions('unary');

const clients = new Clients('echo.proto');

export function unary(): void {
  for (const leg of currentLegs()) {
    try {
      const response = clients.of(leg).invoke('echo.Echo/Echo', { text: 'latency' }, { timeout: '5s' });
      if (response.status !== StatusOK) fail(`status ${response.status}: ${messageOf(response.error)}`);
    } catch (error) {
      fail(String(error));
    }
  }
}
