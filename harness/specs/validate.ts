import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { readClauseIndex, type ClauseIndex } from '../clauses/clause-facts.ts';
import { manifestFiles, variantProblems } from './manifests.ts';
import { nearMatches } from '../../common/known-names.ts';
import { profileNames } from '../profiles/profile.ts';
import type { Registered } from './registry.ts';
import { idOfFile } from './spec-files.ts';
import { suitesDir } from '../../common/tools.ts';

const metaKeys = new Set([
  'id',
  'title',
  'support',
  'features',
  'clauses',
  'inseparable',
  'backends',
  'guards',
  'channel',
  'standardSince',
  'exclusive',
  'quiet',
  'replacesController',
  'anyHost',
  'profiles',
  'manifests',
  'parentsWithoutNamespace',
  'takesMs',
]);
const supports = new Set(['core', 'extended', 'implementation-specific', 'informational']);
/** As many as there are shared echo pods. */
const mostBackends = 4;

/** Ids of the clauses in suites/clauses. */
export function knownClauses(dir = suitesDir): Set<string> {
  return new Set(readClauseIndex(join(dir, 'clauses')).keys());
}

/**
 * Checks every scenario's meta before anything starts.
 *
 * @throws RouteproofError INVALID_INPUT - with every problem found
 */
export function validateScenarios(scenarios: readonly Registered[], index: ClauseIndex): void {
  const seen = new Set<string>();
  const problems = scenarios.flatMap((scenario) => {
    const found = [...problemsOf(scenario, index), ...unmarkedParts(scenario, index)];
    if (seen.has(scenario.meta.id)) found.push('its id is used by another scenario too');
    seen.add(scenario.meta.id);
    return found.map((problem) => `${scenario.meta.id}: ${problem}`);
  });
  if (problems.length === 0) return;
  throw new RouteproofError(
    'INVALID_INPUT',
    `scenarios with mistakes in their meta: ${String(problems.length)}`,
    {
      object: 'suites',
      seen: problems.join('\n        '),
      hint: 'docs/writing-a-scenario.md lists the fields',
    },
  );
}

function problemsOf({ meta, file }: Registered, index: ClauseIndex): string[] {
  const problems: string[] = [];
  const wanted = file === undefined ? meta.id : idOfFile(file);
  if (meta.id !== wanted) problems.push(`its id must be ${wanted}, after its file`);
  for (const key of Object.keys(meta)) if (!metaKeys.has(key)) problems.push(`unknown field ${key}`);
  if (meta.title === '') problems.push('it has no title');
  if (!supports.has(meta.support))
    problems.push(`support is ${meta.support}, not one of ${[...supports].join(', ')}`);
  if (meta.clauses.length === 0) problems.push('it names no clause');
  for (const clause of meta.clauses) {
    if (!index.has(clause)) problems.push(`unknown clause ${clause}${didYouMean(clause, index.keys())}`);
  }
  for (const profile of meta.profiles ?? [])
    if (!profileNames().includes(profile)) problems.push(`unknown profile ${profile}`);
  if (meta.standardSince !== undefined && meta.channel === undefined)
    problems.push('standardSince says nothing without channel');
  const backends = meta.backends ?? [];
  if (backends.length > mostBackends)
    problems.push(`${String(backends.length)} backends, there are ${String(mostBackends)} echo pods`);
  if (new Set(backends).size < backends.length) problems.push('a backend is named twice');
  return [...problems, ...missingManifests(meta, file), ...variantProblems(manifestFiles(meta))];
}

/**
 * Beside clauses that are stated, an inferred one must not fail a run: its part is marked by `t.implied()`, which the body calls with the
 * clause's id or hands it to a shared part that does, or `inseparable` says why there is none.
 */
function unmarkedParts({ meta, body }: Registered, index: ClauseIndex): string[] {
  const { clauses, inseparable = {} } = meta;
  const inferred = clauses.filter((clause) => index.get(clause)?.informational === true);
  if (inferred.length === clauses.length) return [];
  const source = body.toString();
  const isMarked = (clause: string): boolean => source.includes(`'${clause}'`);
  return [
    ...inferred
      .filter((clause) => !isMarked(clause) && inseparable[clause] === undefined)
      .map((clause) => `${clause} is only inferred: put what it asks for into t.implied()`),
    ...Object.entries(inseparable)
      .filter(([clause, reason]) => !inferred.includes(clause) || isMarked(clause) || reason === '')
      .map(
        ([clause]) =>
          `inseparable: ${clause} is no inferred clause of it without t.implied(), or has no reason`,
      ),
  ];
}

/** Only files that `manifests` names must exist: a scenario may apply objects of its own making instead. */
function missingManifests(meta: Registered['meta'], file: string | undefined): string[] {
  if (file === undefined || meta.manifests === undefined) return [];
  return manifestFiles(meta)
    .filter((name) => !existsSync(join(dirname(file), name)))
    .map((name) => `the manifest ${name} is missing beside the spec file`);
}

function didYouMean(clause: string, clauses: Iterable<string>): string {
  const near = nearMatches(clause, clauses);
  return near.length === 0 ? '' : ` (did you mean ${near.join(', ')}?)`;
}
