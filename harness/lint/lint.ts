import type { OfficialRelease } from '../../common/official-releases.ts';
import { officialReleases } from '../../common/official-releases.ts';
import { describeObject } from '../../common/object-key.ts';
import type { Channel } from '../install/crds.ts';
import { rulesOf, type LintProfile } from './profiles.ts';
import { fieldText, type Finding, type Rule } from './rule.ts';
import { schemaRules } from './schema-rules.ts';
import { readManifest, type SourceObject, type TextProblem } from './source.ts';
import { World } from './world.ts';

export interface LintOptions {
  profile: LintProfile;
  /** Of objects and references that name none; kubectl's is the context's. */
  namespace?: string;
  /** Whose schemas and clauses count; the default is the first of those served. */
  release?: OfficialRelease;
  channel?: Channel;
}

export interface LintInput {
  /** As findings name it. */
  file: string;
  text: string;
}

export interface LintResult {
  /** In the order of the files and of the lines in them. */
  findings: Finding[];
  /** Objects that were read, of any kind. */
  objects: number;
}

/**
 * Says offline which manifests would not work, as far as they themselves show: references to objects that are not among them are
 * not judged, save that a needed ReferenceGrant should be.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export function lint(inputs: readonly LintInput[], options: LintOptions): LintResult {
  const { profile, namespace, release = officialReleases[0], channel = 'standard' } = options;
  const manifests = inputs.map(({ file, text }) => readManifest(text, file));
  const sources = manifests.flatMap(({ objects }) => objects);
  const world = (objects: SourceObject[]): World =>
    new World(objects, { release, ...(namespace === undefined ? {} : { namespace }) });
  const judge = (rules: readonly Rule[], source: SourceObject, among: World): Finding[] =>
    rules.flatMap((rule) => findingsOf(rule, source, among));
  const [schema, all] = [schemaRules({ release, channel }), world(sources)];
  const refused = new Map(sources.map((source) => [source, judge(schema, source, all)]));
  // Rules read fields by their types, which an object that the API server refuses need not have; nobody can refer to it either.
  const accepted = sources
    .filter((source) => refused.get(source)?.some(({ level }) => level === 'error') === false)
    .map((source) => ({ ...source, object: withoutNulls(source.object) }));
  const [rules, others] = [rulesOf(profile), world(accepted)];
  const findings = [
    ...manifests.flatMap(({ problems }) => problems.map(problemFinding)),
    ...[...refused.values()].flat(),
    ...accepted.flatMap((source) => judge(rules, source, others)),
  ];
  const order = new Map(inputs.map(({ file }, index) => [file, index]));
  findings.sort(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
  return { findings, objects: sources.length };
}

/** The API server drops fields without a value. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field as unknown)])) as T;
}

function problemFinding({ rule, file, line, column, message, fix }: TextProblem): Finding {
  const level = rule === 'not-a-manifest' ? 'error' : 'warning';
  return { rule, level, file, line, column, object: 'the text', field: '', message, fix };
}

function findingsOf(
  { id, level: ruleLevel, clause: ruleClause, check }: Rule,
  source: SourceObject,
  world: World,
): Finding[] {
  return check(source, world).map(({ path, message, fix, clause = ruleClause, level = ruleLevel }) => ({
    rule: id,
    level,
    ...(clause === undefined ? {} : { clause }),
    file: source.file,
    ...source.positionOf(path),
    object: describeObject(source.object),
    field: fieldText(path),
    message,
    fix,
  }));
}
