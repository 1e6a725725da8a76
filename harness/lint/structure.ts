import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { KubeObject } from '../kube/objects.ts';
import type { Schema } from './crd-schemas.ts';
import type { Issue } from './rule.ts';
import type { FieldPath } from './source.ts';

/** Known to the API server; what it checks of them is in the patterns and rules beside them. */
const formats = Object.fromEntries(
  ['int32', 'int64', 'date-time', 'byte', 'ipv4', 'ipv6'].map((name) => [name, true as const]),
);
/** Follow from another error of the same place. */
const echoes = new Set(['if', 'anyOf', 'oneOf', 'allOf']);

/** Checks objects against structural schemas as the API server does with fieldValidation=Strict. */
export class Structure {
  readonly #ajv = new Ajv({
    strict: false,
    allErrors: true,
    useDefaults: true,
    unicodeRegExp: false,
    formats,
  });
  readonly #compiled = new Map<Schema, ValidateFunction>();

  /** Fills the schema's defaults into `object` and tells what is wrong with it. */
  check(object: KubeObject, schema: Schema): Issue[] {
    const validate = this.#validator(schema);
    if (validate(object)) return [];
    return (validate.errors ?? []).filter(({ keyword }) => !echoes.has(keyword)).map(issueOf);
  }

  #validator(schema: Schema): ValidateFunction {
    const known = this.#compiled.get(schema);
    if (known !== undefined) return known;
    const compiled = this.#ajv.compile(closed(schema, true));
    this.#compiled.set(schema, compiled);
    return compiled;
  }
}

/** The same schema with no other fields than those it names; status is the controllers' and is left out. */
function closed(schema: Schema, isRoot = false): Schema {
  const { properties, items, additionalProperties } = schema;
  const copy: Schema = { ...schema };
  if (properties !== undefined) {
    copy.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, closed(property)]),
    );
    if (isRoot) Object.assign(copy.properties, { metadata: { type: 'object' }, status: {} });
    copy.additionalProperties = schema['x-kubernetes-preserve-unknown-fields'] === true;
  } else if (typeof additionalProperties === 'object') {
    copy.additionalProperties = closed(additionalProperties);
  }
  if (items !== undefined) copy.items = closed(items);
  return copy;
}

function issueOf({ instancePath, keyword, params, message = '' }: ErrorObject): Issue {
  const path = pathOf(instancePath);
  if (keyword === 'additionalProperties') {
    const name = (params as { additionalProperty: string }).additionalProperty;
    return {
      path: [...path, name],
      message: `unknown field "${name}"`,
      fix: 'remove it or mend its name and indentation',
    };
  }
  if (keyword === 'required') {
    const name = (params as { missingProperty: string }).missingProperty;
    return { path, message: `the field "${name}" is missing`, fix: `add ${name}` };
  }
  if (keyword === 'enum') {
    const values = (params as { allowedValues: unknown[] }).allowedValues.join(', ');
    return { path, message: 'the value is none of those allowed', fix: `use one of ${values}` };
  }
  return { path, message: `the value ${message}`, fix: 'see `kubectl explain` for what the field holds' };
}

/** A JSON pointer; numbers are indexes, as no field of these schemas is named by one. */
function pathOf(pointer: string): FieldPath {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
