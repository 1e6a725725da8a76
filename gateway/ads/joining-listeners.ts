import type { XdsResource } from '../xds/resource.ts';
import type { GatewayModel } from './gateway-model.ts';
import type { Subscription } from './subscription.ts';

interface Joining {
  version: string;
  /** Names of scopes that the proxy has to have, or refuse, first. */
  scopes: Set<string>;
}

/**
 * Holds a listener, or a new table of one, back until the proxy has the scopes that serve it. Envoy's listeners share one
 * subscription to scopes: the first one waits for it by itself, one that joins later listens at once and would answer "no route".
 */
export class JoiningListeners {
  readonly #model: GatewayModel;
  readonly #lds: Subscription;
  readonly #srds: Subscription;
  readonly #joining = new Map<string, Joining>();

  constructor(model: GatewayModel, { lds, srds }: { lds: Subscription; srds: Subscription }) {
    this.#model = model;
    this.#lds = lds;
    this.#srds = srds;
  }

  /** @param heard - whether the proxy has acknowledged anything on this stream: its subscriptions all came before that */
  isDue(name: string, listener: XdsResource | undefined, heard: boolean): boolean {
    const due = listener === undefined || this.#mayJoin(listener, heard);
    if (due) this.#joining.delete(name);
    return due;
  }

  #mayJoin(listener: XdsResource, heard: boolean): boolean {
    // A proxy without listeners has no scopes to wait for.
    if (this.#lds.known.size === 0) return true;
    // One that comes back names its listeners before its scopes.
    if (!this.#srds.active) return heard || !this.#lds.resumed;
    const scopes = this.#waitsFor(listener);
    for (const name of scopes) if (this.#isSettled(name)) scopes.delete(name);
    return scopes.size === 0;
  }

  /** The scopes of the moment in which it began to wait: hosts that come later, without end perhaps, do not hold it back. */
  #waitsFor(listener: XdsResource): Set<string> {
    const before = this.#joining.get(listener.name);
    if (before?.version === listener.version) return before.scopes;
    const served = this.#lds.known.get(listener.name)?.resource?.tables ?? [];
    const prefixes = listener.tables.filter((id) => !served.includes(id)).map((id) => `${id}/`);
    const names = [...this.#model.snapshot.srds.keys()];
    const scopes = new Set(names.filter((name) => prefixes.some((prefix) => name.startsWith(prefix))));
    this.#joining.set(listener.name, { version: listener.version, scopes });
    return scopes;
  }

  /** Whether the proxy has the scope, or will not have it: gone, or refused without a version to fall back to. */
  #isSettled(scope: string): boolean {
    if (this.#model.view('srds', scope) === undefined) return true;
    const leaving = this.#srds.inFlight?.removed.includes(scope) ?? false;
    return !leaving && this.#srds.known.has(scope);
  }
}
