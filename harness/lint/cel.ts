import { isIP } from 'node:net';
import { celEnv, celFunc, CelScalar, isCelError, parse, plan, type CelInput } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { messageOf } from '../../common/errors.ts';
import type { Schema, Validation } from './crd-schemas.ts';
import type { Issue } from './rule.ts';
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
export function celIssues(value: unknown, schema: Schema, path: FieldPath = []): Issue[] {
  if (value === undefined || value === null) return [];
  // Rules about changes have nothing to compare with.
  const rules = (schema['x-kubernetes-validations'] ?? []).filter(({ rule }) => !rule.includes('oldSelf'));
  const self = rules.length === 0 ? null : forCel(value, schema);
  const own = rules.flatMap((validation) => judge(validation, self, path));
  return [
    ...own,
    ...childrenOf(value, schema).flatMap(([step, child, part]) => celIssues(child, part, [...path, step])),
  ];
}

function childrenOf(value: unknown, schema: Schema): [string | number, unknown, Schema][] {
  const { items, properties = {}, additionalProperties } = schema;
  if (Array.isArray(value))
    return items === undefined ? [] : value.map((item, index) => [index, item, items]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]): [string, unknown, Schema][] => {
    const part =
      properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return part === undefined || name === 'status' ? [] : [[name, child, part]];
  });
}

function judge({ rule, message, fieldPath }: Validation, self: CelInput, path: FieldPath): Issue[] {
  const at =
    fieldPath === undefined ? path : [...path, ...fieldPath.split('.').filter((step) => step !== '')];
  try {
    if (evaluate(rule, self) === true) return [];
    return [
      {
        path: at,
        message: message ?? `the rule ${rule} does not hold`,
        fix: 'change the field so that the rule holds',
      },
    ];
  } catch (error) {
    return [
      {
        path: at,
        message: `cannot be judged offline: ${messageOf(error).split('\n')[0] ?? ''} in ${rule}`,
        fix: 'ask the API server: kubectl apply --dry-run=server',
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
  const parts = new Map(childrenOf(value, schema).map(([step, , part]) => [step, part]));
  return new Map(Object.entries(value).map(([name, child]) => [name, forCel(child, parts.get(name) ?? {})]));
}
