import type { CallRecord } from '../results/run.ts';
import type { Message } from './protos.ts';
import { groupPairs, type Pairs } from './wire.ts';

/** routeproof.v1.Received, as decoded. */
export interface Received {
  service: string;
  method: string;
  authority: string;
  peer: string;
  metadata: { key: string; value: string }[];
  tls?: { enabled?: boolean } | null;
  backend?: { pod: string; namespace: string; service: string } | null;
}

export type SeenCall = NonNullable<CallRecord['backend']>;

/** The pod that answered, by the services that say so: Probe, echo.Echo of the guide, the official suite's GrpcEcho. */
export function podOf(response: Message | undefined): string | undefined {
  const candidates = [
    receivedOf(response)?.backend?.pod,
    response?.['source'],
    (response?.['assertions'] as { context?: { pod?: string } } | undefined)?.context?.pod,
  ];
  return candidates.find((pod): pod is string => typeof pod === 'string' && pod !== '');
}

export function receivedOf(response: Message | undefined): Received | undefined {
  const received = response?.['received'];
  return received === null || received === undefined ? undefined : (received as Received);
}

export function seenCall(received: Received, nameOfPod: (pod: string) => string): SeenCall {
  const pod = received.backend?.pod ?? '';
  return {
    name: nameOfPod(pod),
    pod,
    authority: received.authority,
    method: `${received.service}/${received.method}`,
    metadata: received.metadata.map(({ key, value }) => [key, value]),
    peer: received.peer,
    tls: received.tls?.enabled ?? false,
  };
}

export function receivedMetadata(call: SeenCall | undefined): Map<string, string[]> {
  return groupPairs((call?.metadata ?? []) satisfies Pairs);
}
