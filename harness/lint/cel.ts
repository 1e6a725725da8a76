import { isIP } from 'node:net';
import { celEnv, celFunc, CelScalar, isCelError, parse, plan, type CelInput } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { messageOf } from '../../common/errors.ts';
import type { Schema, Validation } from './crd-schemas.ts';
import { partsOf } from './list-types.ts';
import type { SchemaIssue } from './rule.ts';
import type { FieldPath } from './source.ts';

type Evaluate = ReturnType<typeof plan>;

/** Of Kubernetes' own functions, the one that the release's rules use. */
const isIp = celFunc('isIP', [CelScalar.STRING], CelScalar.BOOL, (text) => isIP(text) !== 0);
const environment = celEnv({ funcs: [...strings, isIp] });
const compiled = new Map<string, Evaluate>();

/**
 * The schema's CEL rules on an object whose defaults are filled in.
 *
 * @param broken - where a value is not of the type that rules take it for: those about it, or what it is in, are left out
 * @returns what the API server would refuse; a rule that cannot be evaluated here says so, as nothing is known then
 */
export function celIssues(
  value: unknown,
  schema: Schema,
  broken: readonly FieldPath[] = [],
  path: FieldPath = [],
): SchemaIssue[] {
  if (value === undefined || value === null) return [];
  const within = broken.filter((each) => path.every((step, index) => each[index] === step));
  // Rules about changes have nothing to compare with.
  const rules = (schema['x-kubernetes-validations'] ?? []).filter(({ rule }) => !rule.includes('oldSelf'));
  const own = within.length > 0 ? [] : rules.flatMap((validation) => judge(validation, value, schema, path));
  return [
    ...own,
    ...partsOf(value, schema).flatMap(([step, child, part]) =>
      celIssues(child, part, within, [...path, step]),
    ),
  ];
}

function judge(validation: Validation, value: unknown, schema: Schema, path: FieldPath): SchemaIssue[] {
  const { rule, fieldPath = '', message, fix = 'change it so that this holds' } = validation;
  const at = [...path, ...fieldPath.split('.').filter((step) => step !== '')];
  try {
    if (holds(validation, value, schema)) return [];
    const said = { path: at, keyword: 'rule', message: message ?? `the rule ${rule} does not hold`, fix };
    if (fieldPath !== '') return [said];
    return culprits(validation, value, schema).map((place) => ({ ...said, place: [...at, ...place] }));
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n');
    return [
      {
        path: at,
        keyword: 'rule',
        message: `cannot be judged offline: ${reason} in ${rule}`,
        fix: 'ask the API server: kubectl apply --dry-run=server',
        level: 'note',
      },
    ];
  }
}

/** @throws Error - the rule cannot be evaluated */
function holds({ rule, message }: Validation, value: unknown, schema: Schema): boolean {
  try {
    return evaluate(rule, forCel(value, schema)) === true;
  } catch (error) {
    // So it is in the API server, which then refuses the object.
    if (message !== undefined && messageOf(error).includes('field not found')) return false;
    throw error;
  }
}

/** What within a value a rule fails for: each entry that it fails for alone, or else the first that it fails for beside those before. */
function culprits(validation: Validation, value: unknown, schema: Schema): FieldPath[] {
  const fails = (part: unknown): boolean => !holds(validation, part, schema);
  // Others are about the whole list, such as a sum.
  if (Array.isArray(value)) {
    if (!/^(!\(?self\.exists|!?\(?self\.(all|filter))\(/.test(validation.rule)) return [[]];
    const items: readonly unknown[] = value;
    const alone = items.flatMap((item, index) => (fails([item]) ? [index] : []));
    const first = items.findIndex((_, index) => fails(items.slice(0, index + 1)));
    const found = alone.length > 0 ? alone : [first];
    return found.map((index) => [index, ...namedIn(validation.message, items[index])]);
  }
  if (typeof value === 'object' && value !== null && schema.properties === undefined) {
    const alone = Object.entries(value as Record<string, unknown>).filter(([name, child]) =>
      fails({ [name]: child }),
    );
    return alone.length > 0 ? alone.map(([name]) => [name]) : [[]];
  }
  return [namedIn(validation.message, value)];
}

/** The written field that a message begins with: `tls mode must be Terminate`. */
function namedIn(message = '', value: unknown): FieldPath {
  const [, name = '', rest = ''] = /^(?:filter\.)?(\w+)(.*)/s.exec(message) ?? [];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  const child = (value as Record<string, unknown>)[name];
  return [name, ...namedIn(rest.trimStart(), child)];
}

/** @throws Error - the rule cannot be evaluated */
function evaluate(rule: string, self: CelInput): unknown {
  let run = compiled.get(rule);
  if (run === undefined) {
    run = plan(environment, parse(rule));
    compiled.set(rule, run);
  }
  const result = run({ self });
  if (isCelError(result)) throw result;
  return result;
}

/** CEL tells integers from other numbers, which JSON does not, and takes objects as maps. */
function forCel(value: unknown, schema: Schema): CelInput {
  if (schema.type === 'integer' && typeof value === 'number') return BigInt(Math.trunc(value));
  if (Array.isArray(value)) return value.map((item) => forCel(item, schema.items ?? {}));
  if (typeof value !== 'object' || value === null) return value as CelInput;
  const parts = new Map(partsOf(value, schema).map(([step, , part]) => [step, part]));
  return new Map(
    Object.entries(value).map(([name, child]) => [
      // Keys of maps are texts to rules, and stay as they are.
      schema.properties === undefined ? name : nameInRules(name),
      forCel(child, parts.get(name) ?? {}),
    ]),
  );
}

/** Words of CEL itself, as Kubernetes has them. */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** How rules write the name of a field: `__namespace__`, as `namespace` is a word of CEL. */
function nameInRules(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name.replace(/__|[./-]/g, (found) => escapes[found] ?? found);
}
