import { hash } from 'node:crypto';

/** Values of labels. */
const longestValue = 63;
/**
 * Shorter than a Service's name may be: kube-proxy writes `namespace/name:port` beside each rule in its nftables mode, and where that
 * is longer than 128 characters nft refuses the rules of every Service. 63 of them are the namespace's, 10 those of `port-65535`.
 */
const longestName = 53;

/**
 * The name of everything that is made for a Gateway: `<gateway>-<class>` (GEP-1762). It ends in a hash where it would be too long,
 * or where another Gateway and class could make the same one: a class with '-', a '.', which a Service's name has not, or a digit
 * in front, which it must not have.
 */
export function proxyName(gatewayName: string, className: string): string {
  const plain = `${gatewayName}-${className}`;
  const isUnique = !/^\d|\./.test(plain) && !className.includes('-');
  if (isUnique && plain.length <= longestName) return plain;
  const readable = plain.replaceAll('.', '-').replace(/^(?=\d)/, 'gw-');
  // '/' is in neither: no two pairs make one text.
  return withHash(readable, `${gatewayName}/${className}`, longestName);
}

/** The value of a label for the name of a Gateway or a class, which may be longer than a label's value. */
export function labelValue(name: string): string {
  return name.length <= longestValue ? name : withHash(name, name, longestValue);
}

/** Says on what is made for a Gateway which controller made it: several of them may serve one cluster, with classes of their own. */
export const controllerLabel = 'routeproof.dev/controller';

/** A controllerName, `domain/path`, as the value of a label, which has no '/'. */
export function controllerValue(controllerName: string): string {
  return labelValue(controllerName.replaceAll('/', '_'));
}

function withHash(text: string, unique: string, longest: number): string {
  const digest = hash('sha256', unique, 'hex').slice(0, 8);
  return `${text.slice(0, longest - digest.length - 1)}-${digest}`;
}
