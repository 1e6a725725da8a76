/** The domain whose names are moved apart, so that scenarios can use the same ones side by side. */
const domain = 'example.com';
export const baseNamespace = 'routeproof-base';

/** Namespaces that are the cluster's or everybody's, and stay as they are written. */
const commonNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'routeproof-system']);

/** The namespace of a scenario; at most 63 characters with room for `-NAME` of further namespaces. */
export function ownNamespace(id: string, nonce: string): string {
  const stem = `rp-${id.replaceAll('/', '-')}`.slice(0, 40).replace(/-+$/, '');
  return `${stem}-${nonce}`;
}

/** The namespace of a scenario that the next ones may use as well. */
export function commonNamespace(nonce: string): string {
  return `rp-common-${nonce}`;
}

/** A nonce that is a DNS label: a letter, then letters and digits. */
export function newNonce(random: () => number = Math.random): string {
  const letters = 'bcdfghjkmnpqrstvwxz';
  const all = `${letters}23456789`;
  const pick = (from: string): string => from.charAt(Math.floor(random() * from.length));
  return pick(letters) + Array.from({ length: 5 }, () => pick(all)).join('');
}

/** Real names for written ones. Every mapping leaves a name alone that it has mapped already. */
export class Names {
  readonly nonce: string;
  readonly own: string;
  readonly gatewayClass: string;
  readonly controllerName: string;
  readonly #base: string;

  constructor(of: {
    id: string;
    nonce: string;
    gatewayClass: string;
    controllerName: string;
    base?: string;
    /** Its namespace; default one of its own. */
    own?: string;
  }) {
    this.nonce = of.nonce;
    this.own = of.own ?? ownNamespace(of.id, of.nonce);
    this.gatewayClass = of.gatewayClass;
    this.controllerName = of.controllerName;
    this.#base = of.base ?? baseNamespace;
  }

  namespace(written = ''): string {
    if (written === '' || written === 'default') return this.own;
    if (written === baseNamespace || written === this.#base) return this.#base;
    if (commonNamespaces.has(written) || written === this.own || written.startsWith(`${this.own}-`))
      return written;
    return `${this.own}-${written}`;
  }

  /** DNS names keep their case, a port and a trailing dot. */
  host(written: string): string {
    const match = /^(.*?)(\.?)(:\d+)?$/.exec(written);
    const name = match?.[1] ?? written;
    const rest = written.slice(name.length);
    const lower = name.toLowerCase();
    if (lower !== domain && !lower.endsWith(`.${domain}`)) return written;
    const prefix = name.slice(0, name.length - domain.length);
    if (new RegExp(`(^|\\.)${this.nonce}\\.$`, 'i').test(prefix)) return written;
    return `${prefix}${this.nonce}.${name.slice(prefix.length)}${rest}`;
  }

  /** DNS names inside free text, such as a command line. */
  hostsIn(text: string): string {
    return text.replaceAll(/(?<![\w.*-])(?:[\w*-]+\.)*example\.com(?![\w-]|\.\w)/gi, (name) =>
      this.host(name),
    );
  }

  /** `routeproof` stands for the class under test; other classes are the scenario's own. */
  className(written: string): string {
    if (written === 'routeproof' || written === this.gatewayClass) return this.gatewayClass;
    return written.endsWith(`-${this.nonce}`) ? written : `${written}-${this.nonce}`;
  }

  controller(written: string): string {
    return written === 'routeproof.dev/gateway-controller' ? this.controllerName : written;
  }
}
