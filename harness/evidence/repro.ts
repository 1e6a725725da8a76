import { stringify } from 'yaml';
import type { ScenarioCore } from '../scenario/core.ts';
import { reproLine } from '../scenario/repro-line.ts';

/** What a person needs to see it by hand: the objects as applied, and the commands. */
export function reproOf(core: ScenarioCore): { manifest: string; commands: string[] } {
  const namespaces = [...core.namespaces.keys()].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const objects = [...core.applied.values()].filter((object) => object.kind !== 'Secret');
  const named = new Set(
    objects.filter((object) => object.kind === 'Namespace').map((object) => object.metadata?.name),
  );
  const manifest = [...namespaces.filter(({ metadata }) => !named.has(metadata.name)), ...objects]
    .map((object) => stringify(object))
    .join('---\n');
  const commands = [
    `routeproof conformance --scenario ${core.meta.id} --keep`,
    `routeproof exec -- kubectl get gateways,grpcroutes,httproutes --namespace ${core.names.own} --output yaml`,
    ...(core.lastCall === undefined ? [] : [reproLine(core.lastCall.call, core.lastCall.target)]),
  ];
  return { manifest, commands };
}
