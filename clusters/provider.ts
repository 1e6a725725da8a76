/** The contract of everything that can host a conformance run. local/ is the default, kubeconfig/ any cluster that exists; kind/ and k3s/ have a node in a container. */

const lifetimes = ['attached', 'detached'] as const;
export type Lifetime = (typeof lifetimes)[number];

export function isLifetime(value: unknown): value is Lifetime {
  return lifetimes.includes(value as Lifetime);
}

export interface UpOptions {
  /** Cluster name: lower-case letters, digits and '-'. */
  name: string;
  /**
   * `attached`: the cluster dies with the calling process, however that ends (Ctrl-C, crash, kill -9).
   * `detached`: it stays until `down`.
   */
  lifetime: Lifetime;
  /** Whether pods find Services by their names, on a provider whose clusters need not have that. */
  dns?: boolean;
  /** Called with one line per step, for a person to read. */
  progress?: (line: string) => void;
  /**
   * Called, by a provider that can tell, when commands inside the cluster's network can write to the API server. Its pods and
   * Services follow while `up` goes on, which may still fail: then the commands are ended.
   */
  answers?: (cluster: Cluster) => void;
  /** Ends a start that takes long: what was made by then is taken away. */
  signal?: AbortSignal;
}

/** How to run a command where the cluster's addresses (pods, Services, Gateways) can be dialled. */
export interface ClusterCommand {
  file: string;
  args: string[];
  env: Record<string, string>;
}

export interface Cluster {
  readonly name: string;
  /** What its owner calls it, where that is not `name`: for reports. */
  readonly title?: string;
  readonly provider: string;
  /** Valid inside the cluster's network, see `command`. Mode 0600. */
  readonly kubeconfigPath: string;
  /** Logs of the control plane and of pods, for evidence. */
  readonly logDir: string | undefined;
  /** Component versions, e.g. {kubernetes: 'v1.36.3', etcd: 'v3.6.8'}. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why its addresses cannot be dialled even by what `command` wraps, where that is so; the API server can. */
  readonly unreachable?: string | undefined;
  /** Wraps argv so that it runs inside the cluster's network with KUBECONFIG set; identity where the host can dial already. */
  command(argv: readonly [string, ...string[]]): ClusterCommand;
  /** Stops everything (of a lent cluster: nothing) and removes credentials. Safe to call twice. */
  down(): Promise<void>;
}

export interface ClusterStatus {
  name: string;
  provider: string;
  state: 'running' | 'broken';
  detail: string;
  kubeconfigPath: string;
}

export interface ClusterProvider {
  readonly name: string;
  /** Its clusters are others' and live on: a run takes away all that it has made there, and makes nothing else. */
  readonly lends?: boolean;
  /** @throws RouteproofError CLUSTER_START_FAILED, USER_NAMESPACES_FORBIDDEN, TOOL_MISSING, DISK_FULL, STATE_UNUSABLE; nothing is left behind */
  up(options: UpOptions): Promise<Cluster>;
  /** A running cluster of that name, or undefined. */
  find(name: string): Promise<Cluster | undefined>;
  list(): Promise<ClusterStatus[]>;
}
