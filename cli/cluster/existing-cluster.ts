import { RouteproofError } from '../../common/errors.ts';
import type { ConnectTo } from '../../harness/reach/connect-to.ts';

/** What `--cluster kubeconfig` takes, of a run that goes on here. */
export interface ExistingFlags {
  kubeconfig?: string;
  context?: string;
  echoImage?: string;
  connectTo?: ConnectTo[];
  portForward?: true;
  installCrds?: true;
  overwriteCrds?: true;
}

interface Flags extends ExistingFlags {
  cluster: string;
  inCluster?: true;
  runnerImage?: string;
  fault?: string;
  dialect?: string;
  implementation?: string;
}

/**
 * Options that a provider would take no notice of are mistakes.
 *
 * @throws RouteproofError USAGE
 */
export function mustFitCluster(flags: Flags): void {
  const { kubeconfig, context, echoImage, inCluster, runnerImage, installCrds, overwriteCrds } = flags;
  const { fault, dialect, implementation, connectTo, portForward } = flags;
  const given = (options: Record<string, unknown>): string[] =>
    Object.keys(options).filter((name) => options[name] !== undefined);
  if (flags.cluster !== 'kubeconfig') {
    const [option] = given({
      '--kubeconfig': kubeconfig,
      '--context': context,
      '--echo-image': echoImage,
      '--connect-to': connectTo,
      '--port-forward': portForward,
      '--in-cluster': inCluster,
      '--runner-image': runnerImage,
      '--install-crds': installCrds,
      '--overwrite-crds': overwriteCrds,
    });
    if (option === undefined) return;
    throw new RouteproofError('USAGE', `${option} is for --cluster kubeconfig`, {
      seen: `--cluster ${flags.cluster}`,
      hint: `add --cluster kubeconfig, or leave ${option} away`,
    });
  }
  if (runnerImage !== undefined && inCluster === undefined) {
    throw new RouteproofError('USAGE', '--runner-image is for --in-cluster', {
      hint: 'add --in-cluster, or leave --runner-image away',
    });
  }
  if (implementation !== undefined) {
    throw new RouteproofError('USAGE', '--implementation is for clusters that are started by us', {
      seen: `--cluster ${flags.cluster}`,
      hint: 'install it there yourself, and name its class with --gateway-class',
    });
  }
  const [option] = given({ '--fault': fault, '--dialect': dialect });
  if (option === undefined) return;
  throw new RouteproofError(
    'USAGE',
    `${option} changes the bundled gateway, which an existing cluster has none of`,
    {
      hint: `leave --cluster away: ${option} needs a cluster that is started for it`,
    },
  );
}
