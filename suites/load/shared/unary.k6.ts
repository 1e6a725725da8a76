/** One unary call of the echo service, which any failure makes invalid. */
import { StatusOK } from 'k6/net/grpc';
import { fail, messageOf, type Clients, type Leg } from './blocks.k6.ts';

export function unaryCall(clients: Clients, leg: Leg, text = 'latency'): void {
  try {
    const metadata = leg.metadata ?? {};
    const response = clients.of(leg).invoke('echo.Echo/Echo', { text }, { timeout: '5s', metadata });
    if (response.status !== StatusOK) fail(`status ${response.status}: ${messageOf(response.error)}`);
  } catch (error) {
    fail(String(error));
  }
}
