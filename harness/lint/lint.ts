import { given } from '../../common/given.ts';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import { officialReleases } from '../../common/official-releases.ts';
import { describeObject } from '../../common/object-key.ts';
import type { KubeObject } from '../kube/objects.ts';
import { rulesOf, type LintProfile } from './profiles.ts';
import { fieldText, type Finding, type Issue, type Rule, type SchemaIssue } from './rule.ts';
import { schemaRules } from './schema-rules.ts';
import { readManifest, type FieldPath, type SourceObject, type TextProblem } from './source.ts';
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
  const world = (objects: SourceObject[]): World => new World(objects, { release, ...given({ namespace }) });
  const [schema, all] = [schemaRules({ release, channel }), world(sources)];
  const refused = new Map(sources.map((source) => [source, judge(schema, source, all)]));
  const refusalsOf = (source: SourceObject): Judged[] =>
    (refused.get(source) ?? []).filter(({ finding }) => finding.level === 'error');
  // Of what no schema is for nothing more is known.
  const readable = sources.flatMap((source) => {
    const refusals = refusalsOf(source);
    if (refusals.some(({ issue }) => issue.keyword === undefined)) return [];
    const object = withoutNulls(readablePart(source.object, refusals));
    return [{ source, read: { ...source, object }, refusals }];
  });
  // Nobody can refer to what may say something else when it is mended.
  const whole = readable.filter(({ refusals }) => refusals.every(({ issue }) => isWhole(issue)));
  const [rules, others] = [rulesOf(profile), world(whole.map(({ read }) => read))];
  const findings = [
    ...manifests.flatMap(({ problems }) => problems.map(problemFinding)),
    ...[...refused.values()].flat().map(({ finding }) => finding),
    ...readable.flatMap(({ source, read, refusals }) =>
      judge(rules, source, others, read)
        .filter((judged) => !mayFollow(judged, refusals))
        .map(({ finding }) => finding),
    ),
  ];
  const order = new Map(inputs.map(({ file }, index) => [file, index]));
  findings.sort(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
  return { findings, objects: sources.length };
}

/** Keywords of schemas that leave the object what it reads as: of lists and numbers, and of the CEL rules. */
const wholeKeywords = new Set(['rule', 'duplicate', 'maxItems', 'minimum', 'maximum']);

function isWhole({ keyword = '' }: Judged['issue']): boolean {
  return wholeKeywords.has(keyword);
}

/** What rules can read by its types: without the fields whose values are not what the schema has them be. */
function readablePart(object: KubeObject, refusals: readonly Judged[]): KubeObject {
  const copy = structuredClone(object);
  for (const { issue } of refusals) {
    if (isWhole(issue) || issue.keyword === 'additionalProperties' || issue.keyword === 'required') continue;
    const path = fieldOf(issue.path);
    const map = path
      .slice(0, -1)
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], copy);
    if (typeof map === 'object' && map !== null) Reflect.deleteProperty(map, path.at(-1) ?? '');
  }
  return copy;
}

/** The field of a map that a value is in: a list without one of its entries would be another one. */
function fieldOf(path: FieldPath): FieldPath {
  return path.slice(0, path.findLastIndex((step) => typeof step === 'string') + 1);
}

/** Whether a finding may go when what the API server refuses is mended: it is about the same, or what stands beside it. */
function mayFollow({ finding, issue: { path } }: Judged, refusals: readonly Judged[]): boolean {
  const isWithin = (map: FieldPath): boolean => map.every((step, index) => (path[index] ?? step) === step);
  return refusals.some(({ issue }) => {
    if (isWhole(issue))
      return (
        isWithin(issue.path) &&
        (path.length <= issue.path.length || issue.keyword === 'duplicate' || finding.level !== 'error')
      );
    if (finding.level !== 'error') return true;
    if (issue.keyword === 'required') return isWithin(issue.path);
    const field = fieldOf(issue.path);
    return path.length <= field.length ? isWithin(field.slice(0, -1)) : isWithin(field);
  });
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

/** A finding, and what it was made of. */
interface Judged {
  finding: Finding;
  issue: Issue & Partial<SchemaIssue>;
}

/** @param read - what the rules take it for */
function judge(rules: readonly Rule[], source: SourceObject, world: World, read = source): Judged[] {
  return rules.flatMap((rule) =>
    rule.check(read, world).map((issue) => ({ issue, finding: findingOf(rule, issue, source) })),
  );
}

function findingOf(
  { id, level: ruleLevel, clause: ruleClause }: Rule,
  { path, message, fix, clause = ruleClause, level = ruleLevel }: Issue,
  source: SourceObject,
): Finding {
  return {
    rule: id,
    level,
    ...given({ clause }),
    file: source.file,
    ...source.positionOf(path),
    object: describeObject(source.object),
    field: fieldText(path),
    message,
    fix,
  };
}
