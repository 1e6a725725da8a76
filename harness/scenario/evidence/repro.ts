import { stringify } from 'yaml';
import { shellWord } from '../../../common/shell-word.ts';
import type { Repro } from '../../results/run.ts';
import type { Call } from '../../rpc/call.ts';
import { dialName, type Target } from '../../rpc/target.ts';
import type { HandReach } from '../../reach/reach.ts';
import type { ScenarioCore } from '../core/core.ts';
import { grpcurlOf, reproFiles } from '../calls/repro-line.ts';

/**
 * What a person needs to see it by hand: the objects as applied, namespaces first, and the commands. Secrets are among them: their keys
 * were made for this scenario, and listeners would not work without.
 */
export async function reproOf(core: ScenarioCore): Promise<Repro> {
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
      ...(call === undefined || target === undefined ? [] : await callByHand(core, call, target)),
    ],
    apply: command(['kubectl', 'apply', '-f', 'BUNDLE']),
    ...(Object.keys(files).length === 0 ? {} : { files }),
  };
}

/** The call by grpcurl, and before it what has to run meanwhile, in the background. */
async function callByHand(core: ScenarioCore, call: Call, target: Target): Promise<string[]> {
  const { byHand, reach } = core.env;
  const owner = call.direct === undefined ? 'gateway' : 'pod';
  // Where the API server cannot be asked any more, the address as it is says most.
  const { place, meanwhile }: HandReach = await reach.byHand(target, owner).catch(() => ({ place: target }));
  // Left to itself, grpcurl would say what it dials.
  const authority = target.authority ?? dialName(target);
  const there = place === target ? target : { ...target, ...place, authority };
  return [
    ...(meanwhile === undefined ? [] : [`${byHand.command(meanwhile)} &`]),
    byHand.command(grpcurlOf(call, there)),
  ];
}
