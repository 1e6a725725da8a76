import { stringify } from 'yaml';
import type { Repro } from '../results/run.ts';
import type { ScenarioCore } from '../scenario/core.ts';
import { quote, reproFiles, reproLine } from '../scenario/repro-line.ts';

/**
 * What a person needs to see it by hand: the objects as applied, namespaces first, and the commands. Secrets are among them: their keys
 * were made for this scenario, and listeners would not work without.
 */
export function reproOf(core: ScenarioCore): Repro {
  const made = [...core.namespaces.keys()].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  const applied = [...core.applied.values()];
  const written = applied.filter(({ kind }) => kind === 'Namespace');
  const named = new Set(written.map(({ metadata }) => metadata?.name));
  const objects = [
    ...made.filter(({ metadata }) => !named.has(metadata.name)),
    ...written,
    ...applied.filter(({ kind }) => kind !== 'Namespace'),
  ];
  const { call, target } = core.failedCall ?? core.lastCall ?? {};
  const files = target === undefined ? {} : reproFiles(target);
  return {
    manifest: objects.map((object) => stringify(object)).join('---\n'),
    commands: [
      ['routeproof conformance --scenario', core.meta.id, ...core.env.sameRun.map(quote), '--keep'].join(' '),
      `routeproof exec -- kubectl get gateways,grpcroutes,httproutes --namespace ${core.names.own} --output yaml`,
      ...(call === undefined || target === undefined ? [] : [reproLine(call, target)]),
    ],
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
}
