import { given } from '../../common/given.ts';
import { installedCrds } from '../install/crds.ts';
import type { SetUp, SetUpOptions } from '../set-up/set-up.ts';
import { knownClauses } from '../specs/validate.ts';
import { crdFaults } from './crds/crd-fault.ts';
import { plantCrd, plantOptions } from '../crds/planted-crd.ts';
import { control } from './fault-spec.ts';
import { installFault, removeFault } from './implementation.ts';
import { Lab } from './lab.ts';

/**
 * Makes a cluster ready for scenarios against the bundled gateway with one planted fault, which lives beside any other under a class
 * of its own, so that the healthy gateway of a cluster that runs stays what it is. A fault of the CRDs concerns the whole cluster: it is
 * planted beside a healthy gateway, and gone when the run ends.
 *
 * @throws RouteproofError - the cluster or the gateway cannot do its part
 */
export async function setUpFault(fault: string, options: SetUpOptions): Promise<SetUp> {
  const { channel, release, profile, limits, signal, progress, keep, ownCluster, byHand, kubeconfigPath } =
    options;
  const lab = await Lab.open({
    ...given({ channel, release }),
    profile,
    limits,
    signal,
    progress,
    ownCluster,
    ...given({ kubeconfigPath }),
  });
  try {
    const inCrd = crdFaults(knownClauses()).find(({ name }) => name === fault);
    const gateway = inCrd === undefined ? fault : control.name;
    progress(`installing the bundled gateway, and planting ${fault}`);
    const env = { ...lab.envOf(gateway, await installFault(lab, gateway)), keep, byHand, explain: true };
    const gatewayApi = { ...(await installedCrds(lab.kube)), release: lab.rules.release };
    const restore = inCrd === undefined ? undefined : await plantCrd(inCrd, plantOptions(env, signal));
    return {
      env,
      gatewayApi,
      end: async ({ remove }) => {
        try {
          await restore?.();
          if (remove) await removeFault(lab.kube, gateway, { namespace: true });
        } finally {
          lab.close();
        }
      },
    };
  } catch (error) {
    lab.close();
    throw error;
  }
}
