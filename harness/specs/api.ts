/** What a scenario file sees. Implemented in harness/scenario; see docs/writing-a-scenario.md. */
import type { KubernetesObject } from '@kubernetes/client-node';
import type { OfficialRelease } from '../../common/official-releases.ts';
import type { CrdEdit } from '../crds/crd.ts';
import type { CallRecord, Layer, Support } from '../results/run.ts';
import type { Call, CallResult, Expected, RawCall, RawResult, HeldConnection } from '../rpc/call.ts';
import type { Condition } from '../wait/conditions.ts';

export interface ScenarioMeta {
  /** suite/name; NAME.yaml beside the spec file holds its manifests (or `manifests` names them). */
  id: string;
  /** One sentence that a user of the gateway would say. */
  title: string;
  support: Support;
  /** Gateway API feature names (supportedFeatures) without which the scenario does not apply, beyond Gateway and GRPCRoute. */
  features?: string[];
  /** Ids of suites/clauses that it proves. At least one. */
  clauses: string[];
  /** Inferred clauses, beside others, whose part cannot be told apart from what the others ask for, each with its reason. */
  inseparable?: Record<string, string>;
  /**
   * Echo backends: Service name (`v1`, or `other/v1` for the scenario's namespace `other`) in the order of the shared pods.
   * The engine makes Services (port 9000, appProtocol kubernetes.io/h2c) whose EndpointSlices point to the shared echo pods,
   * a different pod for each. Scenarios that need pods of their own put a Deployment into their YAML.
   */
  backends?: string[];
  /** Real bug this guards against, e.g. `cilium/cilium#44824`. */
  guards?: string[];
  /** The release channel whose CRDs it needs: it belongs to a run only where that one is installed, or where it is asked for by name. */
  channel?: 'experimental';
  /** The release from which on the standard channel has what it needs too. */
  standardSince?: OfficialRelease;
  /**
   * It changes what all share (`withCrd`): it runs alone, after all others, and only on a cluster that is made for the run and ends
   * with it. Each costs the whole run its time: have few, and short ones.
   */
  exclusive?: true;
  /**
   * It judges what comes of one thing while nothing else happens: it runs alone, after others. What others do makes an implementation look again
   * at all it knows, and hides that it has not heard.
   */
  quiet?: true;
  /** It replaces the controller (`replaceController`), which is done only on a cluster that is made for the run and ends with it. */
  replacesController?: true;
  /**
   * Its own Gateways take calls of every host, or of hosts that are not moved apart. Where all Gateways share their proxies these would be calls of others: there it runs
   * alone, after all others.
   */
  anyHost?: true;
  /** The profiles that it judges, whose documents say otherwise than the spec: it belongs to no other run. */
  profiles?: string[];
  /**
   * YAML files beside the spec file that apply() may name; default [`NAME.yaml`]. NAME-v1.7.0.yaml is applied instead of NAME.yaml where the
   * CRDs are of v1.7.0 or newer.
   */
  manifests?: string[];
  /**
   * Gateways to which a parentRef without a namespace is what it is about: such a reference is left as it is written where others get their
   * namespace for the sake of an implementation (`writesParentNamespaces`). No other scenario may call a Gateway so.
   */
  parentsWithoutNamespace?: string[];
  /** What it takes by its nature, in milliseconds, when that is seconds: long scenarios start first and overlap the others. */
  takesMs?: number;
}

/** Where names of a manifest go, so that scenarios can run side by side:
 *  - the namespace `default` (or none) becomes the scenario's own namespace, `NAME` becomes `<own>-NAME`; `routeproof-base` stays.
 *  - every DNS name under `example.com` moves under `<nonce>.example.com`: hostnames of Listeners, routes, certificates, calls.
 *  - `gatewayClassName: routeproof` becomes the class under test; a GatewayClass object's name gets the nonce as suffix.
 * The objects in a YAML file are otherwise applied as they are written, server-side, with schema validation.
 */
export interface Scenario {
  readonly nonce: string;
  /** The real namespace for one as the YAML writes it; '' or 'default' is the scenario's own. */
  namespace(written?: string): string;
  /** The real DNS name for one as the YAML writes it. */
  host(written: string): string;
  /** The controllerName and class under test. */
  readonly controllerName: string;
  readonly gatewayClass: string;
  /** Features the implementation claims. */
  readonly supportedFeatures: ReadonlySet<string>;
  /**
   * PEM: the CA of the shared echo pods, which serve TLS (ALPN h2) on port 9443. Their certificate is for `backend.example.org`,
   * `other.example.org` and `spiffe://example.org/echo`.
   */
  readonly backendCa: string;
  /** The release of Gateway API whose form the installed CRDs take; `holds` is about the one that the run is judged by. */
  readonly crdRelease: OfficialRelease;

  /** Applies a YAML file beside the spec (default: the first of meta.manifests). */
  apply(file?: string): Promise<KubernetesObject[]>;
  /** Applies objects, names rewritten like those of a file. */
  applyObjects(...objects: KubernetesObject[]): Promise<KubernetesObject[]>;
  /** Reads an applied object, changes it with `edit`, writes it back; returns once written (the new generation). */
  update<T extends KubernetesObject>(ref: Ref, edit: (object: T) => void): Promise<T>;
  /** Deletes and waits until it is gone. */
  remove(ref: Ref): Promise<void>;
  /** The object as it is now. @throws when it does not exist */
  get<T extends KubernetesObject>(ref: Ref): Promise<T>;
  /** Sends objects to the API server in dry-run mode and returns its refusal, or undefined when it would accept them. */
  rejection(object: KubernetesObject): Promise<string | undefined>;
  /**
   * Runs `body` while the API server has a CRD of Gateway API as `change` edits it, and puts it back; for exclusive scenarios only. What
   * `body` applies stays and is removed with the scenario; it is no longer valid then.
   */
  withCrd(change: CrdEdit, body: () => Promise<void>): Promise<void>;
  /**
   * Ends the controller's pods, runs `whileGone`, and waits until others are ready in their place; for scenarios that say so in their meta. Leaves
   * the scenario out where it is not known which pods they are, where these serve calls too, and where each Gateway has some of its own.
   */
  replaceController(whileGone: () => Promise<void>): Promise<void>;
  /** The same for a status that would be merged into that of a stored object. */
  statusRejection(ref: Ref, status: object): Promise<string | undefined>;
  /** Waits on a watch until `ready` accepts the object; a RouteproofVerdict of layer `layer` after the limit. */
  until<T extends KubernetesObject>(
    ref: Ref,
    what: string,
    ready: (object: T) => boolean,
    layer?: Layer,
  ): Promise<T>;

  /** Asks what has no watch again and again, until one answer is so; a RouteproofVerdict when none is within the limit for what is to be served. */
  askUntil<T>(question: Question<T>): Promise<T>;

  // Status. All wait on a watch; a condition counts only at the object's current generation.
  /** Gateway Accepted, Programmed and with an address. Returns the first address. */
  gatewayMustBeProgrammed(gateway?: string): Promise<string>;
  /** Every parentRef of the route is Accepted and ResolvedRefs by the controller under test. */
  routeMustBeAccepted(route: string, options?: RouteOptions): Promise<void>;
  routeMustHaveCondition(route: string, condition: Condition, options?: RouteOptions): Promise<void>;
  /** The route has no parent status for this parent (or none by the controller under test). */
  routeMustHaveNoParent(route: string, options?: RouteOptions): Promise<void>;
  gatewayMustHaveCondition(gateway: string, condition: Condition): Promise<void>;
  listenerMustHaveCondition(gateway: string, listener: string, condition: Condition): Promise<void>;
  listenerMustHaveAttachedRoutes(gateway: string, listener: string, count: number): Promise<void>;

  /**
   * Waits until a new marker route on the same Gateway listener is served: everything written before it has then reached the
   * data plane. Use it before asserting that something is NOT served. Default Gateway: the scenario's only one, else the shared one.
   */
  barrier(options?: {
    gateway?: string;
    listener?: string;
    port?: number;
    tls?: boolean;
    host?: string;
  }): Promise<void>;

  // Calls.
  /** One call, no waiting, no retry. Never throws for a gRPC status or a connection error: both are in the result. */
  call(call: Call): Promise<CallResult>;
  /**
   * Probes until `expected` holds for several calls in a row, then returns the last result. Past the limit it goes on for a grace
   * period, so that the verdict can tell slow, unstable and wrong apart.
   */
  callMust(call: Call, expected: Expected): Promise<CallResult>;
  /** `expected` holds for each of `times` calls (default 10), without waiting first. */
  callMustAlways(call: Call, expected: Expected, times?: number): Promise<CallResult[]>;
  /** How many of `times` calls each backend answered; '' counts calls without a backend. Run once, `concurrency` at a time. */
  distribution(call: Call, times: number, concurrency?: number): Promise<Map<string, number>>;
  /**
   * Calls with this nonce that a backend has received (by its name in meta.backends). Every call carries x-routeproof-nonce: its own,
   * `<scenario nonce>-<n>`, also in CallResult.nonce, unless `metadata` sets one ([] sends none); the scenario's nonce stands for all its calls.
   * `atLeast` waits until that many have arrived (mirrors arrive after the answer); without it the answer is what is there now.
   */
  seenBy(backend: string, nonce: string, options?: { atLeast?: number }): Promise<CallRecord['backend'][]>;
  /** A raw HTTP/2 exchange: exact frames' headers, no gRPC library in between. */
  raw(call: RawCall): Promise<RawResult>;
  /** A connection of its own with one call on it that is never finished. @throws Error when there is no HTTP/2 connection */
  hold(call: RawCall): Promise<HeldConnection>;
  /**
   * grpcurl as users run it, from the folder of the echo server's protos. DNS names in the arguments are rewritten. An argument
   * `GATEWAY:80` becomes the Gateway's address; without one the address goes where grpcurl expects it (80 with -plaintext, else 443).
   */
  grpcurl(args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** kubectl in the scenario's namespace. stdin is rewritten like a manifest. */
  kubectl(args: string[], stdin?: string): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Opens a bidi stream that stays open; see OpenStream. */
  openStream(call: Call): Promise<OpenStream>;
  /**
   * A self-signed certificate for these names (rewritten), as a kubernetes.io/tls Secret that is applied. Returns its CA PEM.
   *
   * @param kind - of its key, default `ecdsa`; `chain`: signed by an intermediate CA, which the Secret has as well;
   *   `expired`: as `chain`, and not valid any more
   */
  tlsSecret(
    ref: { name: string; namespace?: string },
    dnsNames: string[],
    kind?: CertificateKind,
  ): Promise<string>;

  /** A named check: shown in the timeline; `layer` is blamed when `body` throws an AssertionError (chai). */
  check(text: string, body: () => unknown, layer?: Layer): Promise<void>;
  /**
   * A part that nothing but clauses ask for which the spec only implies (`(inferred)` in suites/clauses). When it fails, that is told
   * beside the verdict, in the informational tier, and the scenario goes on: nothing that comes later may need what this brings about.
   */
  implied(clauses: string[], body: () => Promise<void>): Promise<void>;
  /** Whether the release of Gateway API that this run is judged by says that clause, and the CRDs have the field that it is about. */
  holds(clause: string): boolean;
  /** Something worth telling that is no verdict (ambiguous spec text, an observed dialect). */
  note(text: string): void;
}

export interface Ref {
  kind: string;
  name: string;
  /** As the YAML writes it; default the scenario's own. */
  namespace?: string;
  /** Only where the kind is not one the engine knows. */
  apiVersion?: string;
}

export interface Question<T> {
  /** What the answer is to be, for the verdict. */
  what: string;
  ask: () => Promise<T>;
  isSo: (answer: T) => boolean;
  /** One line about an answer that is not so. */
  seen: (answer: T) => string;
  /** Blamed when none is. */
  layer: Layer;
}

export interface RouteOptions {
  kind?: 'GRPCRoute' | 'HTTPRoute';
  namespace?: string;
  /** Which parentRef; default the only one. */
  parent?: { name: string; namespace?: string; sectionName?: string; port?: number };
}

export type CertificateKind = 'ecdsa' | 'rsa' | 'chain' | 'expired';

export interface OpenStream {
  /** Sends one message and waits for its answer. */
  echo(text: string): Promise<Record<string, unknown>>;
  /** Sends one message, and has not finished with it. */
  send(message: Record<string, unknown>): void;
  /** Sends its last message, half-closes, and waits until the answer has begun: with its headers, or with its first message. */
  sendLast(message: Record<string, unknown>, until: 'headers' | 'message'): Promise<void>;
  /** Leaves what comes from now on where it is, so that flow control holds the sender back. */
  stopReading(): void;
  /** Reads on, to the end; `messages` are those that neither `echo` nor `sendLast` waited for. */
  readToEnd(): Promise<{ status: number; message: string; messages: Record<string, unknown>[] }>;
  /** Resolves when the stream ends, with its status. */
  readonly ended: Promise<{ status: number; message: string }>;
  readonly isOpen: boolean;
  /** Waits for the end, which the backend makes: the caller has not finished. */
  endOfBackend(): Promise<{ status: number; message: string }>;
  /** Half-closes and waits for the end. */
  finish(): Promise<{ status: number; message: string }>;
  /** Cancels the call (RST_STREAM) and waits for the end. */
  cancel(): Promise<{ status: number; message: string }>;
}
