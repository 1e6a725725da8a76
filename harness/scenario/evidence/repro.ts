import { stringify } from 'yaml';
import { shellWord } from '../../../common/shell-word.ts';
import type { Repro } from '../../results/run.ts';
import type { ScenarioCore } from '../core/core.ts';
import { grpcurlOf, reproFiles } from '../calls/repro-line.ts';

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
  const { sameRun, command } = core.env.byHand;
  const kinds = 'gateways,grpcroutes,httproutes';
  const files = target === undefined ? {} : reproFiles(target);
  return {
    manifest: objects.map((object) => stringify(object)).join('---\n'),
    commands: [
      ['routeproof conformance --scenario', core.meta.id, ...sameRun.map(shellWord), '--keep'].join(' '),
      command(['kubectl', 'get', kinds, '--namespace', core.names.own, '--output', 'yaml']),
      ...(call === undefined || target === undefined ? [] : [command(grpcurlOf(call, target))]),
    ],
    apply: command(['kubectl', 'apply', '-f', 'BUNDLE']),
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
}
