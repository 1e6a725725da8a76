import { RouteproofError } from '../../common/errors.ts';
import type { Owner, Place } from './reach.ts';

/** `--connect-to FROM=TO`, after curl's option of that name. */
export interface ConnectTo {
  from: { address: string; port?: number };
  to: { address: string; port?: number };
}

/** Every Gateway; pods have addresses of their own. */
const anyGateway = '*';

/**
 * `ADDRESS[:PORT]=ADDRESS[:PORT]`, IPv6 in brackets; `*` before the equals sign stands for every Gateway.
 *
 * @throws RouteproofError USAGE
 */
export function parseConnectTo(text: string): ConnectTo {
  const [from, to, ...more] = text.split('=').map(parsePlace);
  if (from !== undefined && to !== undefined && more.length === 0 && to.address !== anyGateway)
    return { from, to };
  throw new RouteproofError('USAGE', '--connect-to says where to dial instead of an address', {
    seen: text,
    hint: 'write ADDRESS[:PORT]=ADDRESS[:PORT], for example 172.18.0.4=203.0.113.7 or *:80=localhost:8080',
  });
}

function parsePlace(text: string): ConnectTo['from'] | undefined {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|(\*|[\w.-]+))(?::(\d{1,5}))?$/.exec(text);
  const address = found?.[1] ?? found?.[2];
  if (found === null || address === undefined) return undefined;
  if (found[3] === undefined) return { address };
  const port = Number(found[3]);
  return port >= 1 && port <= 65535 ? { address, port } : undefined;
}

/** As it was written. */
export function connectToText({ from, to }: ConnectTo): string {
  return [from, to]
    .map(({ address, port }) => `${hostOf(address)}${port === undefined ? '' : `:${String(port)}`}`)
    .join('=');
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/**
 * Where the rules lead from a place, the rule that says most about it first; undefined where none is about it.
 *
 * @param used - is told of that rule
 */
export function connectedTo(
  rules: readonly ConnectTo[],
  place: Place,
  of: Owner,
  used: (rule: ConnectTo) => void = () => undefined,
): Place | undefined {
  const address = place.address.toLowerCase();
  const fitting = rules.filter(
    ({ from }) =>
      (from.address.toLowerCase() === address || (from.address === anyGateway && of === 'gateway')) &&
      (from.port ?? place.port) === place.port,
  );
  const [best] = fitting.sort((left, right) => weight(right) - weight(left));
  if (best === undefined) return undefined;
  used(best);
  return { address: best.to.address, port: best.to.port ?? place.port };
}

function weight({ from }: ConnectTo): number {
  return (from.address === anyGateway ? 0 : 2) + (from.port === undefined ? 0 : 1);
}
