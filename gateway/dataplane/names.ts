import { hash } from 'node:crypto';

/** Names of Services are DNS labels: 63 characters at most. */
const longest = 63;

/** The name of everything that is made for a Gateway; what is too long ends in a hash. */
export function proxyName(gatewayName: string): string {
  const name = `routeproof-${gatewayName.replaceAll('.', '-')}`;
  if (name.length <= longest && !gatewayName.includes('.')) return name;
  // Without the hash, gateways a.b and a-b would share a name.
  const digest = hash('sha256', gatewayName, 'hex').slice(0, 8);
  return `${name.slice(0, longest - digest.length - 1)}-${digest}`;
}

/** The value of a label for a Gateway's name, which may be longer than a label's value. */
export function gatewayLabelValue(gatewayName: string): string {
  if (gatewayName.length <= longest) return gatewayName;
  return proxyName(gatewayName);
}
