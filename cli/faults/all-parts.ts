import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { given } from '../../common/given.ts';
import { officialReleases, type Channel } from '../../common/official-releases.ts';
import { readClauseIndex } from '../../harness/clauses/clause-facts.ts';
import { partName } from '../../harness/faults/merge.ts';
import { isSamePart, partOf, type Part } from '../../harness/faults/selection.ts';
import { runSelf } from '../cluster/run-self.ts';
import { outDir } from '../output/out-dir.ts';
import { progressLine } from '../output/progress.ts';
import { faultsMerge, type FaultsFlags } from './faults-run.ts';
import { mustBeFault, plantedFaults } from './planted-faults.ts';

/** Flags of `routeproof faults --all`. */
export interface AllPartsFlags extends Omit<FaultsFlags, 'channel' | 'gatewayApiVersion'> {
  writeDocs?: true;
}

/** A release and a channel, and the faults of it that are asked for. */
export interface PartToRun extends Part {
  names: string[];
}

const channels: readonly Channel[] = ['standard', 'experimental'];

/**
 * The parts that the faults belong to, the oldest release and the standard channel first: a cluster has the CRDs of one of them.
 *
 * @throws RouteproofError UNKNOWN_FAULT
 */
export function partsToRun(only?: readonly string[]): PartToRun[] {
  for (const name of only ?? []) mustBeFault(name);
  const index = readClauseIndex();
  const wanted = plantedFaults().filter(({ name }) => only === undefined || only.includes(name));
  return channels
    .flatMap((channel) => officialReleases.map((release) => ({ release, channel })))
    .map((part) => ({
      ...part,
      names: wanted.filter((fault) => isSamePart(partOf(fault, index), part)).map(({ name }) => name),
    }))
    .filter(({ names }) => names.length > 0);
}

/**
 * Runs the faults of every part, one part after the other, and puts their results together.
 *
 * @returns the exit code: that of all results as one, or 3 where a part has left none
 */
export async function allPartsRun(flags: AllPartsFlags): Promise<number> {
  const out = outDir(flags.out, 'faults', new Date());
  const dirs: string[] = [];
  for (const part of partsToRun(flags.fault)) {
    const dir = join(out, partName(part).replaceAll(/\W+/g, '-'));
    await runSelf(['faults', ...argumentsOf(part, flags), '--out', dir]);
    dirs.push(dir);
  }
  const made = dirs.filter((dir) => existsSync(join(dir, 'faults.json')));
  for (const dir of dirs) if (!made.includes(dir)) progressLine(`no results at ${dir}: see above`);
  if (made.length === 0) return 3;
  const { writeDocs, json } = flags;
  const exitCode = await faultsMerge(made, {
    out,
    ...given({ writeDocs, json }),
  });
  return exitCode === 0 && made.length < dirs.length ? 3 : exitCode;
}

function argumentsOf({ release, channel, names }: PartToRun, flags: AllPartsFlags): string[] {
  const { fault, shard, resume, cluster, name, concurrency, limitsScale, official } = flags;
  const options: [string, string | number | undefined][] = [
    ['--gateway-api-version', release],
    ['--channel', channel],
    ['--fault', fault === undefined ? undefined : names.join(',')],
    ['--shard', shard === undefined ? undefined : `${shard.index}/${shard.of}`],
    ['--resume', resume],
    ['--cluster', cluster],
    ['--name', name],
    ['--concurrency', concurrency],
    ['--limits-scale', limitsScale],
  ];
  const words = options.flatMap(([option, value]) => (value === undefined ? [] : [option, String(value)]));
  return official === true ? [...words, '--official'] : words;
}
