import type { IrGateway } from '../ir/ir.ts';
import type { EditForProxy } from '../ads/ads-server.ts';
import type { AppliedObject } from '../dataplane/proxy-objects.ts';
import type { StatusUpdate, TranslateInput } from '../translate/model/types.ts';
import type { XdsResource } from '../xds/resource.ts';

export type Area =
  | 'matching'
  | 'precedence'
  | 'hostnames'
  | 'headers'
  | 'weights'
  | 'filters'
  | 'backends'
  | 'grants'
  | 'status'
  | 'conflicts'
  | 'listeners'
  | 'listener-sets'
  | 'sessions'
  | 'retries'
  | 'default-gateways'
  | 'tls'
  | 'backend-tls'
  | 'protocol'
  | 'proxies'
  | 'change'
  | 'upkeep';

/** The layers that a verdict may blame, as results name them. */
export type Layer =
  'apply' | 'status' | 'programmed' | 'connect' | 'tls' | 'http2' | 'routed' | 'backend' | 'trailers';

/** A mistake that a gateway might make, planted into this one. */
export interface Fault {
  /** kebab-case, unique. */
  name: string;
  /** One sentence: what the gateway does wrong. */
  title: string;
  /** Ids of suites/clauses that it violates. */
  clauses: string[];
  /** Where a verdict has to see it; several where it shows in several places. */
  layers: Layer[];
  /** The real bug that it is made after, `owner/repository#number`. */
  reference?: string;
  /** The release channel of Gateway API that has what it does wrong; default any. */
  channel?: 'experimental';
  /** Whatever else happens hides it: only quiet scenarios may notice, and it is tried by itself. */
  quiet?: true;
  /** Makes the hooks, with a state of their own, once for each controller. */
  hooks: (context: FaultContext) => FaultHooks;
}

/** A fault with the area whose file it is in. */
export interface ListedFault extends Fault {
  area: Area;
}

export interface FaultContext {
  /** Has everything translated again after that many milliseconds. */
  refreshAfter: (ms: number) => void;
  /** Milliseconds; from an arbitrary start. */
  now: () => number;
  /** Writes annotations of an object soon; for dialects. */
  annotate: (
    object: { plural: 'grpcroutes'; namespace: string; name: string },
    annotations: Record<string, string>,
  ) => void;
}

/** What a fault puts between the stages of the pipeline. Each takes plain data and gives plain data; none changes its input. */
export interface FaultHooks {
  /** What the translator is told about the cluster and the proxies. */
  input?: (input: TranslateInput) => TranslateInput;
  /** What Envoy has to do. Gives the same object for the same object as long as nothing changed. */
  ir?: (ir: IrGateway) => IrGateway;
  /** What Envoy is told; undefined leaves the resource out. */
  xds?: (resource: XdsResource, gatewayKey: string) => XdsResource | undefined;
  /** Each change is answered with all there is, as if a proxy had nothing yet. */
  tellsAll?: true;
  /** What is applied for a Gateway's proxy, the Deployment last. */
  proxyObjects?: (objects: AppliedObject[]) => AppliedObject[];
  /** What one proxy is told, where a Gateway has several. */
  forProxy?: EditForProxy;
  /** What is written into statuses. */
  statuses?: (statuses: readonly StatusUpdate[], input: TranslateInput) => StatusUpdate[];
  /** Which GatewayClasses are kept from deletion. */
  usedClasses?: (names: ReadonlySet<string>) => ReadonlySet<string>;
  /** With which finalizers a GatewayClass is written, where that of Gateways comes or goes. */
  classFinalizers?: (finalizers: string[]) => string[];
  /** Statuses are written as the hook gives them, also when nothing but a time differs from what is there. */
  writesRestlessly?: true;
}
