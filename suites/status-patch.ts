import { expect, type Scenario } from '../harness/index.ts';

const resources: Record<string, string> = {
  GRPCRoute: 'grpcroutes',
  Gateway: 'gateways',
  GatewayClass: 'gatewayclasses',
  ListenerSet: 'listenersets',
  BackendTLSPolicy: 'backendtlspolicies',
};

/** An object as the cluster names it. */
export interface StatusOwner {
  kind: string;
  name: string;
  /** Default the scenario's own. */
  namespace?: string;
}

/** Arguments of kubectl. */
export function statusPatch({ kind, name, namespace }: StatusOwner, operations: readonly object[]): string[] {
  return [
    'patch',
    `${resources[kind] ?? kind}.gateway.networking.k8s.io`,
    name,
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
    '--subresource=status',
    '--type=json',
    '-p',
    JSON.stringify(operations),
  ];
}

/**
 * Writes into a status what another controller might; fails at layer `apply` where the API server does not take it.
 *
 * @param operations - a JSON patch
 * @param what - the check's title
 */
export async function patchStatus(
  t: Scenario,
  owner: StatusOwner,
  operations: readonly object[],
  what = `the status of ${owner.kind} ${owner.name} takes the patch`,
): Promise<void> {
  const { exitCode, stderr } = await t.kubectl(statusPatch(owner, operations));
  await t.check(what, () => expect(exitCode, stderr).to.equal(0), 'apply');
}
