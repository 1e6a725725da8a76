import type { OfficialRelease } from '../../common/official-releases.ts';
import type { SharedProxies, ConfigDumpAt } from '../proxies/pods.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Watches } from '../kube/watches.ts';
import type { Reach } from '../reach/reach.ts';
import type { EchoPod, Ledger } from '../rpc/ledger.ts';
import type { Protos } from '../rpc/protos.ts';
import type { ByHand } from './by-hand.ts';
import type { FurnishedNamespaces } from './furnished-namespaces.ts';
import type { Limits } from './limits.ts';
import type { RunRules } from './run-rules.ts';
import type { Clock } from '../wait/clock.ts';

/** What all scenarios of a run share. */
export interface RunEnv {
  runId: string;
  kube: KubeClient;
  watches: Watches;
  limits: Limits;
  clock: Clock;
  gatewayClass: string;
  controllerName: string;
  /** Where the shared Gateway is. Manifests write `routeproof-base`, whatever it is called. */
  baseNamespace: string;
  /** What the implementation claims, by its class or by whoever runs it. */
  supportedFeatures: ReadonlySet<string>;
  /** What counts as right. */
  rules: RunRules;
  /** The release whose form the installed CRDs take, whichever one the run is judged by. */
  crdRelease: OfficialRelease;
  /** echo-1 ... echo-4, in order. */
  echoPods: EchoPod[];
  /** Instead of the echo servers' image in the manifests. */
  echoImage?: string;
  /** PEM: the CA of the certificate that the echo pods show. */
  backendCa: string;
  /** How Gateways and pods are dialled from here. */
  reach: Reach;
  protos: Protos;
  ledger: Ledger;
  /** Namespaces whose pods' log lines explain a failure, beside those of the Gateways: the controller's. */
  logNamespaces: string[];
  /** Routes get the namespaces of their Gateways written out: see parent-namespaces.ts. */
  writesParentNamespaces?: boolean;
  kubeconfigPath: string | undefined;
  /** Where the cluster's own components write their logs, where that is seen from here. */
  clusterLogDir?: string;
  keep: boolean;
  /** The cluster ends after one round of scenarios, and takes with it what they leave: proxies may idle until then. */
  throwaway: boolean;
  /** The cluster was made for this run and ends with it, so that what concerns all of it may be changed for a while. */
  ownCluster: boolean;
  /** Left open: what the proxies were told does not belong to the evidence. */
  configDump?: ConfigDumpAt;
  /** Left open: each Gateway has proxies of its own. */
  sharedProxies?: SharedProxies;
  /** Whether a failed call is compared with the same call elsewhere. */
  explain: boolean;
  byHand: ByHand;
  /** Namespaces that scenarios use one after the other; undefined where each has its own. */
  furnished?: FurnishedNamespaces | undefined;
  /** Namespaces of scenarios that have ended. */
  leftNamespaces: Set<string>;
}
