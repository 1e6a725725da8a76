import { RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import {
  faultsSchemaVersion,
  type FaultResult,
  type FaultsPart,
  type FaultsResults,
  type FaultsRun,
  type OfficialFaultResult,
  type OfficialFaultsRun,
} from '../results/faults.ts';

type Added = 'schemaVersion' | 'command' | 'totals';

/** Adds up what a run, or all runs so far, came to. A part that is named twice stands there once. */
export function assembleResults<Of extends Omit<FaultsResults, Added>>(
  of: Of,
): Of & Pick<FaultsResults, Added> {
  const count = (outcome: FaultResult['outcome']): number =>
    of.faults.filter((fault) => fault.outcome === outcome).length;
  return {
    schemaVersion: faultsSchemaVersion,
    command: 'faults',
    ...of,
    parts: distinct(of.parts),
    totals: {
      faults: of.faults.length,
      caught: count('caught'),
      unexplained: count('unexplained'),
      survived: count('survived'),
      notRun: count('not-run'),
      explained: of.faults.filter(({ clauseNamed, layerNamed }) => clauseNamed && layerNamed).length,
    },
  };
}

function distinct(parts: readonly FaultsPart[]): FaultsPart[] {
  const names = parts.map((part) => partName(part) + shardName(part));
  return parts.filter((_, at) => names.indexOf(names[at] ?? '') === at);
}

/**
 * Several runs as one: shards of a part, and parts. A scenario is idle when no shard of its part turned it red.
 *
 * @throws RouteproofError INVALID_INPUT - none, or a fault is in two of them
 */
export function mergeRuns(runs: readonly FaultsRun[]): FaultsRun {
  const [first] = runs;
  if (first === undefined)
    throw new RouteproofError('INVALID_INPUT', 'there is nothing to merge', {
      hint: 'name results of routeproof faults',
    });
  const faults = runs.flatMap((run) => run.faults);
  mustDiffer(faults.map(({ name }) => name));
  const parts = runs.flatMap((run) => run.parts);
  const aborted = runs.find((run) => run.aborted !== undefined)?.aborted;
  const official = mergeOfficial(runs);
  const resumed = runs.find((run) => run.resumed !== undefined)?.resumed;
  const complete = runs.every((run) => run.complete) && parts.every((part) => hasAllShards(part, parts));
  return assembleResults({
    startedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? first.startedAt,
    durationMs: Math.max(...runs.map(({ durationMs }) => durationMs)),
    ...given({ aborted }),
    parts,
    complete,
    ...given({ resumed }),
    limitsScale: first.limitsScale,
    cluster: first.cluster,
    versions: first.versions,
    faults,
    excluded: runs
      .flatMap((run) => run.excluded)
      .filter(({ scenario }, at, all) => all.findIndex((other) => other.scenario === scenario) === at),
    leftOut: [...new Set(runs.flatMap((run) => run.leftOut))].sort(),
    idleScenarios: complete ? mergeIdle(runs) : [],
    ...given({ official }),
  });
}

function mustDiffer(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return;
  throw new RouteproofError('INVALID_INPUT', 'a fault is in two of the results', {
    object: twice,
    hint: 'merge runs of different shards, releases or channels',
  });
}

export const partName = ({ release, channel }: FaultsPart): string => `${release} ${channel}`;
const shardName = ({ shard }: FaultsPart): string =>
  shard === undefined ? '' : ` ${String(shard.index)}/${String(shard.of)}`;

function hasAllShards(part: FaultsPart, parts: readonly FaultsPart[]): boolean {
  const { of } = part.shard ?? { of: 1 };
  const there = new Set(
    parts
      .filter((other) => partName(other) === partName(part) && (other.shard?.of ?? 1) === of)
      .map(({ shard }) => shard?.index ?? 1),
  );
  return there.size === of;
}

function mergeIdle(runs: readonly FaultsRun[]): string[] {
  const groups = Map.groupBy(runs, ({ parts }) => parts.map(partName).join(', '));
  const idle = [...groups.values()].flatMap(([first, ...rest]) =>
    (first?.idleScenarios ?? []).filter((id) => rest.every((run) => run.idleScenarios.includes(id))),
  );
  return [...new Set(idle)].sort();
}

function mergeOfficial(runs: readonly FaultsRun[]): FaultsRun['official'] {
  const columns = runs.flatMap(({ official }) => official ?? []);
  const [first] = columns;
  if (first === undefined) return undefined;
  return {
    release: [...new Set(columns.map(({ release }) => release))].join(', '),
    profile: first.profile,
    excluded: [...new Set(columns.flatMap(({ excluded }) => excluded))],
    ...countOfficial(runs.flatMap((run) => run.faults)),
  };
}

/** What the official suite made of them, where it was asked. */
export function countOfficial(
  faults: readonly FaultResult[],
): Pick<OfficialFaultsRun, 'caught' | 'survived' | 'notRun'> {
  const count = (outcome: OfficialFaultResult['outcome']): number =>
    faults.filter(({ official }) => official?.outcome === outcome).length;
  return { caught: count('caught'), survived: count('survived'), notRun: count('not-run') };
}
