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
 * @returns what the API server would refuse; a rule that cannot be evaluated here says so, as nothing is known then
 */
export function celIssues(value: unknown, schema: Schema, path: FieldPath = []): SchemaIssue[] {
  if (value === undefined || value === null) return [];
  // Rules about changes have nothing to compare with.
  const rules = (schema['x-kubernetes-validations'] ?? []).filter(({ rule }) => !rule.includes('oldSelf'));
  const self = rules.length === 0 ? null : forCel(value, schema);
  const own = rules.flatMap((validation) => judge(validation, self, path));
  return [
    ...own,
    ...partsOf(value, schema).flatMap(([step, child, part]) => celIssues(child, part, [...path, step])),
  ];
}

function judge(validation: Validation, self: CelInput, path: FieldPath): SchemaIssue[] {
  const { rule, fieldPath = '', message, fix = 'change it so that this holds' } = validation;
  const at = [...path, ...fieldPath.split('.').filter((step) => step !== '')];
  try {
    if (evaluate(rule, self) === true) return [];
    return [{ path: at, keyword: 'rule', message: message ?? `the rule ${rule} does not hold`, fix }];
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n');
    // So it is in the API server, which then refuses the object.
    if (reason.includes('field not found') && message !== undefined)
      return [{ path: at, keyword: 'rule', message, fix }];
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
  return new Map(Object.entries(value).map(([name, child]) => [name, forCel(child, parts.get(name) ?? {})]));
}
