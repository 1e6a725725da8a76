import type { KubeObject } from '../kube/objects.ts';

/** The certificate that listeners get which a scenario wrote as plain ones; a Secret in their namespace. */
export const profileCertificate = 'routeproof-profile-tls';

interface Listener {
  protocol?: string;
  tls?: object;
}

interface WithListeners extends KubeObject {
  spec?: { listeners?: Listener[] };
}

/**
 * The object with its HTTP listeners as HTTPS ones, names, ports and hostnames as they were: for products that take GRPCRoutes over
 * TLS only. What a scenario is about stays what it is, unless it is about plain listeners.
 *
 * @returns the same object when it has no such listener
 */
export function secured<T extends KubeObject>(object: T, certificate = profileCertificate): T {
  const { listeners } = (object as WithListeners).spec ?? {};
  if (!/^(Gateway|ListenerSet)$/.test(object.kind ?? '') || !listeners?.some(isPlain)) return object;
  const tls = { mode: 'Terminate', certificateRefs: [{ name: certificate }] };
  const next = listeners.map((listener) =>
    isPlain(listener) ? { ...listener, protocol: 'HTTPS', tls } : listener,
  );
  return { ...object, spec: { ...(object as WithListeners).spec, listeners: next } };
}

function isPlain({ protocol }: Listener): boolean {
  return protocol === 'HTTP';
}
