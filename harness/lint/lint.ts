import { describeObject } from '../../common/object-key.ts';
import { rulesOf, type LintProfile } from './profiles.ts';
import { fieldText, type Finding, type Rule } from './rule.ts';
import { schemaRules } from './schema-rules.ts';
import { readObjects, type SourceObject } from './source.ts';
import { World } from './world.ts';

export interface LintOptions {
  profile: LintProfile;
  /** Of objects and references that name none; kubectl's is the context's. */
  namespace?: string;
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
 * @throws RouteproofError INVALID_MANIFEST, TOOL_MISSING
 */
export function lint(inputs: readonly LintInput[], options: LintOptions): LintResult {
  const sources = inputs.flatMap(({ file, text }) => readObjects(text, file));
  const world = new World(sources, options.namespace);
  const [schema, rules] = [schemaRules(), rulesOf(options.profile)];
  const findings = sources.flatMap((source) => {
    const refused = schema.flatMap((rule) => findingsOf(rule, source, world));
    // Rules read fields by their types, which an object that the API server refuses need not have.
    return refused.length > 0 ? refused : rules.flatMap((rule) => findingsOf(rule, source, world));
  });
  const order = new Map(inputs.map(({ file }, index) => [file, index]));
  findings.sort(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
  return { findings, objects: sources.length };
}

function findingsOf({ id, level, clause, check }: Rule, source: SourceObject, world: World): Finding[] {
  return check(source, world).map(({ path, message, fix }) => ({
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
