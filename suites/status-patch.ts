import type { Scenario } from '../harness/index.ts';

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
 * Writes into a status what another controller might.
 *
 * @param operations - a JSON patch
 * @throws Error - the API server does not take it: nothing is known of the implementation
 */
export async function patchStatus(
  t: Scenario,
  owner: StatusOwner,
  operations: readonly object[],
): Promise<void> {
  const { exitCode, stderr } = await t.kubectl(statusPatch(owner, operations));
  if (exitCode !== 0)
    throw new Error(`the status of ${owner.kind} ${owner.name} cannot be patched: ${stderr}`);
}
