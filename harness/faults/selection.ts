import { RouteproofError } from '../../common/errors.ts';
import { officialReleases, type OfficialRelease } from '../../common/official-releases.ts';
import type { ClauseIndex } from '../clauses/clause-facts.ts';
import { holdsIn } from '../clauses/release.ts';
import type { Channel } from '../../common/official-releases.ts';
import type { FaultsShard } from '../results/faults.ts';
import { mustBeKnown } from '../../common/known-names.ts';
import type { CrdFault } from './crds/crd-fault.ts';
import type { FaultSpec } from './fault-spec.ts';

/** Mistakes of the gateway, which are tried side by side, and of the CRDs, which all would notice. */
export interface Faults {
  gateway: readonly FaultSpec[];
  crds: readonly CrdFault[];
}

/** What a run of faults is about: a watch that is open when a cluster gets other CRDs goes on without their fields. */
export interface Part {
  release: OfficialRelease;
  channel: Channel;
}

export interface Asked {
  /** Names of those to run; default all of the part. */
  only?: readonly string[];
  /** Default standard, or that of the named ones. */
  channel?: Channel;
  /** Default the first one served here, or that of the named ones. */
  release?: OfficialRelease;
  shard?: FaultsShard;
}

interface Described {
  clauses: readonly string[];
  channel?: 'experimental';
}

/** The oldest release that says one of the clauses, and the channel whose CRDs are needed. Holds for faults and for scenarios. */
export function partOf({ clauses, channel }: Described, index: ClauseIndex): Part {
  const saysOne = (release: OfficialRelease): boolean =>
    clauses.some((clause) => holdsIn(index.get(clause) ?? {}, release));
  return { release: officialReleases.find(saysOne) ?? officialReleases[0], channel: channel ?? 'standard' };
}

export function isSamePart(left: Part, right: Part): boolean {
  return left.release === right.release && left.channel === right.channel;
}

/** Whether what belongs to that part can run in the other one. */
export function isServed(part: Part, run: Part): boolean {
  return (
    isNotNewer(part.release, run.release) && (part.channel === 'standard' || part.channel === run.channel)
  );
}

function isNotNewer(release: OfficialRelease, than: OfficialRelease): boolean {
  return officialReleases.indexOf(release) <= officialReleases.indexOf(than);
}

/**
 * The faults to run, and what they are about. Without names these are the faults of the part that is asked for and of no earlier release.
 *
 * @throws RouteproofError UNKNOWN_FAULT; USAGE - named ones do not belong into one run
 */
export function selectFaults(all: Faults, asked: Asked, index: ClauseIndex): { part: Part; chosen: Faults } {
  const part = asked.only === undefined ? partAskedFor(asked) : partOfNamed(all, asked.only, asked, index);
  const names = asked.only;
  const isChosen = (fault: FaultSpec): boolean =>
    names === undefined ? isSamePart(partOf(fault, index), part) : names.includes(fault.name);
  const gateway = all.gateway.filter(isChosen);
  const crds = all.crds.filter(isChosen);
  return { part, chosen: { gateway: inShard(gateway, asked.shard), crds: inShard(crds, asked.shard) } };
}

function partAskedFor({ release = officialReleases[0], channel = 'standard' }: Asked): Part {
  return { release, channel };
}

function partOfNamed(
  { gateway, crds }: Faults,
  names: readonly string[],
  asked: Asked,
  index: ClauseIndex,
): Part {
  const all = [...gateway, ...crds];
  const known = all.map(({ name }) => name);
  for (const name of names) mustBeKnown('UNKNOWN_FAULT', 'fault', name, known);
  const named = all.filter(({ name }) => names.includes(name));
  const parts = named.map((fault) => partOf(fault, index));
  const channel = asked.channel ?? parts[0]?.channel ?? 'standard';
  const release = asked.release ?? parts[0]?.release ?? officialReleases[0];
  const fits = parts.every(
    (part) =>
      part.channel === channel &&
      (asked.release === undefined ? part.release === release : isNotNewer(part.release, release)),
  );
  if (fits) return { channel, release };
  throw new RouteproofError('USAGE', 'the faults need another release or channel of Gateway API, or two', {
    object: '--fault',
    seen: named.map(({ name }, at) => `${name} (${parts[at]?.release}, ${parts[at]?.channel})`).join(', '),
    hint: 'run those of each release and channel by themselves',
  });
}

function inShard<T>(list: readonly T[], shard: FaultsShard | undefined): readonly T[] {
  return shard === undefined ? list : list.filter((_, at) => at % shard.of === shard.index - 1);
}
