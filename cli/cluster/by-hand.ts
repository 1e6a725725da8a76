import { shellWord } from '../../common/shell-word.ts';
import { bundledClass } from '../../harness/set-up/run-facts.ts';
import { reachArguments, type ReachOptions } from '../../harness/reach/index.ts';
import { insideOf, type ByHand } from '../../harness/env/by-hand.ts';
import { clusterFlags } from './providers.ts';

/** How kubectl is told which cluster it is. */
interface Access {
  kubeconfig?: string;
  context?: string;
}

/** What a run in a pod is told of the command line that it was started by. */
export interface Delivery extends Access {
  runnerImage?: string;
}

/** What of a command line tells which implementation was under test, and where. */
interface Flags extends ReachOptions, Access {
  cluster: string;
  name: string;
  gatewayClass: string;
  limitsScale: number;
  profile?: string;
  gatewayApiVersion?: string;
  channel?: string;
  supportedFeatures?: readonly string[];
  dialect?: string;
  fault?: string;
  implementation?: string;
  echoImage?: string;
  deliver?: Delivery;
}

/** What a person types to see a failure of such a run again. A run in a pod delivers its results, and has been told what the user said. */
export function byHand(flags: Flags): ByHand {
  const { cluster, name } = flags;
  const command =
    cluster === 'kubeconfig' ? fromHere(flags.deliver ?? flags) : insideOf(clusterFlags(cluster, name));
  return { sameRun: sameRun(flags), command };
}

/** On a cluster of others there is no `routeproof exec`: commands are the user's own, and run where the user is. */
function fromHere(access: Access): ByHand['command'] {
  return ([file = '', ...args]) =>
    [file, ...(file === 'kubectl' ? accessArguments(access) : []), ...args].map(shellWord).join(' ');
}

function accessArguments({ kubeconfig, context }: Access): string[] {
  return [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
}

function sameRun(flags: Flags): string[] {
  const { fault, dialect, gatewayClass, cluster, name, profile, echoImage } = flags;
  const { gatewayApiVersion, channel, supportedFeatures, deliver, implementation, limitsScale } = flags;
  const { connectTo, portForward } = flags;
  return [
    ...(profile === undefined || profile === 'standard' ? [] : ['--profile', profile]),
    ...(gatewayApiVersion === undefined ? [] : ['--gateway-api-version', gatewayApiVersion]),
    ...(channel === undefined ? [] : ['--channel', channel]),
    ...(supportedFeatures === undefined ? [] : ['--supported-features', supportedFeatures.join(',')]),
    ...(dialect === undefined ? [] : ['--dialect', dialect]),
    ...(fault === undefined ? [] : ['--fault', fault]),
    ...(implementation === undefined ? [] : ['--implementation', implementation]),
    ...(gatewayClass === bundledClass ? [] : ['--gateway-class', gatewayClass]),
    ...(limitsScale === 1 ? [] : ['--limits-scale', String(limitsScale)]),
    ...(cluster === 'local' ? [] : ['--cluster', cluster]),
    ...(name === 'default' ? [] : ['--name', name]),
    ...accessArguments(deliver ?? flags),
    ...(echoImage === undefined ? [] : ['--echo-image', echoImage]),
    ...reachArguments({ connectTo, portForward }),
    ...(deliver === undefined ? [] : ['--in-cluster']),
    ...(deliver?.runnerImage === undefined ? [] : ['--runner-image', deliver.runnerImage]),
  ];
}
