import type { RouteRef, XdsResource } from '../xds/resource.ts';

export interface InFlight {
  nonce: string;
  sent: readonly XdsResource[];
  removed: readonly string[];
  probe?: ProbeRun;
}

/** The search for the routes that make one resource refused. */
export interface ProbeRun {
  resource: XdsResource;
  message: string;
  left: { route: RouteRef; resource: XdsResource }[];
  guilty: RouteRef[];
}

/** What one proxy has, wants and is being sent of one type. */
export class Subscription {
  wildcard = false;
  /** A first subscription is answered even with nothing: listeners wait for it. */
  unanswered = false;
  /** Whether the proxy has acknowledged a response on this stream. */
  answered = false;
  /** Whether the proxy brought resources along from an earlier connection. */
  resumed = false;
  readonly names = new Set<string>();
  /** What the proxy has acknowledged; `resource` is unknown for what it brought along from an earlier connection. */
  readonly known = new Map<string, { version: string; resource: XdsResource | undefined }>();
  /** Names to look at again. */
  readonly dirty = new Set<string>();
  /** Names that are sent even when the version is known: the proxy asked for them. */
  readonly asked = new Set<string>();
  /**
   * Names that a refused response had. Envoy 1.40 takes note of the scopes that come before a bad one without applying them, and
   * then ignores the same bytes when they come again: these are sent in other words. Seen with scoped routes only.
   */
  readonly tainted = new Set<string>();
  /** Parts of a refused response, to be sent on their own. */
  batches: XdsResource[][] = [];
  probe: ProbeRun | undefined;
  inFlight: InFlight | undefined;

  wants(name: string): boolean {
    return this.wildcard || this.names.has(name);
  }

  get active(): boolean {
    return this.wildcard || this.names.size > 0;
  }
}
