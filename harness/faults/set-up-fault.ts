import { installedCrds } from '../install/crds.ts';
import type { SetUp, SetUpOptions } from '../set-up.ts';
import { installFault, removeFault } from './implementation.ts';
import { Lab } from './lab.ts';

/**
 * Makes a cluster ready for scenarios against the bundled gateway with one planted fault, which lives beside any other under a class
 * of its own, so that the healthy gateway of a cluster that runs stays what it is.
 *
 * @throws RouteproofError - the cluster or the gateway cannot do its part
 */
export async function setUpFault(fault: string, options: SetUpOptions): Promise<SetUp> {
  const { channel, release, profile, limits, signal, progress, keep, sameRun, kubeconfigPath } = options;
  const lab = await Lab.open({
    ...(channel === undefined ? {} : { channel }),
    ...(release === undefined ? {} : { release }),
    profile,
    limits,
    signal,
    progress,
    ...(kubeconfigPath === undefined ? {} : { kubeconfigPath }),
  });
  try {
    progress(`installing the bundled gateway with the planted fault ${fault}`);
    const accepted = await installFault(lab, fault);
    return {
      env: { ...lab.envOf(fault, accepted), keep, sameRun, explain: true },
      gatewayApi: { ...(await installedCrds(lab.kube)), release: lab.rules.release },
      end: async ({ remove }) => {
        if (remove) await removeFault(lab.kube, fault, { namespace: true });
        lab.close();
      },
    };
  } catch (error) {
    lab.close();
    throw error;
  }
}
