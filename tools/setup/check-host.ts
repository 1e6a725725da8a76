import { RouteproofError } from '../../common/errors.ts';
import { checkNamespaces, checkSystem, systemPrograms } from '../../common/local-host.ts';
import { installPrograms } from './debian.ts';

/**
 * Looks whether this machine can host the local cluster, before anything is compiled for one. What it has is of use without that
 * cluster too, so that only a set-up for the local one ends here.
 *
 * @param cluster - what the set-up is for; undefined when that is not known yet
 * @returns what to tell the user of a machine that cannot, undefined for one that can
 * @throws RouteproofError USER_NAMESPACES_FORBIDDEN, TOOL_MISSING, CLUSTER_START_FAILED - for the local cluster
 */
export async function checkHost(
  cluster: string | undefined,
  look: () => Promise<void> = lookAtHost,
): Promise<string | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (cluster === 'local' || !(error instanceof RouteproofError)) throw error;
    return [
      `warning: this machine cannot host the local cluster. ${error.message}`,
      '  until then these do not work: routeproof up, conformance and load without --cluster; faults, mutants, matrix, official; tests that start a cluster',
      ...(error.code === 'USER_NAMESPACES_FORBIDDEN'
        ? [
            '  these do: conformance --cluster kubeconfig, kind or k3s; load --cluster kubeconfig; lint, report, compare, explain, clauses',
          ]
        : []),
    ].join('\n');
  }
}

async function lookAtHost(): Promise<void> {
  checkSystem();
  await installPrograms(
    Object.entries(systemPrograms).map(([program, debianPackage]) => ({
      programs: [program],
      debianPackage,
    })),
  );
  await checkNamespaces();
}
