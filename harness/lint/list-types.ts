import type { Schema } from './crd-schemas.ts';
import type { SchemaIssue } from './rule.ts';
import type { FieldPath } from './source.ts';

/** Part of a value with the schema that it has. */
export function partsOf(value: unknown, schema: Schema): [string | number, unknown, Schema][] {
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

/** A field without a value is one that is not there: the API server drops it, or takes its default, unless it may be null. */
export function dropNulls(value: unknown, schema: Schema): void {
  for (const [step, child, part] of partsOf(value, schema)) {
    if (child !== null) dropNulls(child, part);
    else if (typeof step === 'string' && part.nullable !== true) {
      if (part.default === undefined) Reflect.deleteProperty(value as object, step);
      else Reflect.set(value as object, step, structuredClone(part.default));
    }
  }
}

/** Entries of lists that are sets, or maps by some fields, which are there already. */
export function duplicateIssues(value: unknown, schema: Schema, path: FieldPath = []): SchemaIssue[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const isSet = schema['x-kubernetes-list-type'] === 'set';
  const seen = new Set<string>();
  return partsOf(value, schema).flatMap(([step, child, part]) => {
    const at = [...path, step];
    const within = duplicateIssues(child, part, at);
    if (!isSet && keys.length === 0) return within;
    const fields = keys.map((key) => (child as Record<string, unknown> | null)?.[key]);
    // What lacks one of them, or is no map, has been complained of.
    if (fields.includes(undefined)) return within;
    const text = JSON.stringify(isSet ? child : fields);
    if (!seen.has(text)) {
      seen.add(text);
      return within;
    }
    const shown = isSet
      ? text
      : keys.map((key, index) => `${key} ${JSON.stringify(fields[index])}`).join(', ');
    const message = `an entry with ${shown} is in the list already: the API server refuses it`;
    return [
      ...within,
      { path: at, keyword: 'duplicate', message, fix: 'remove one, or change what tells them apart' },
    ];
  });
}
