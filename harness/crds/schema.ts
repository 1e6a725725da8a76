/** The part of a CRD that says what an object may hold: structural OpenAPI v3, see apiextensions.k8s.io/v1 JSONSchemaProps. */
export interface Schema {
  type?: string;
  default?: unknown;
  enum?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-validations'?: unknown[];
  'x-kubernetes-preserve-unknown-fields'?: true;
}

/** Calls `edit` for a schema and all below it. @returns how many of them it said to have changed */
export function editAll(schema: Schema, edit: (schema: Schema, parent?: Schema) => boolean): number {
  let changed = 0;
  const visit = (each: Schema, parent?: Schema): void => {
    if (edit(each, parent)) changed += 1;
    const { properties = {}, additionalProperties, items } = each;
    for (const property of Object.values(properties)) visit(property);
    if (typeof additionalProperties === 'object') visit(additionalProperties);
    if (items !== undefined) visit(items, each);
  };
  visit(schema);
  return changed;
}

/** Takes keywords away. @returns whether there was one */
function drop(schema: Schema, ...keywords: (keyof Schema)[]): boolean {
  const found = keywords.filter((keyword) => schema[keyword] !== undefined);
  for (const keyword of found) Reflect.deleteProperty(schema, keyword);
  return found.length > 0;
}

/** Raises upper bounds by one, no more: the API server refuses CEL rules over lists without a bound. */
function raise(
  schema: Schema,
  ...keywords: ('maxItems' | 'maxLength' | 'maxProperties' | 'maximum')[]
): boolean {
  const found = keywords.filter((keyword) => schema[keyword] !== undefined);
  for (const keyword of found) schema[keyword] = (schema[keyword] ?? 0) + 1;
  return found.length > 0;
}

/** A list of type map is refused when one of its keys is neither required nor defaulted. */
function dropRequired(schema: Schema, parent?: Schema): boolean {
  const keys = parent?.['x-kubernetes-list-map-keys'] ?? [];
  const kept = (schema.required ?? []).filter((name) => keys.includes(name));
  if (kept.length === (schema.required ?? []).length) return false;
  if (kept.length === 0) delete schema.required;
  else schema.required = kept;
  return true;
}

/** What a schema may forget, by the keyword that says it. */
export const schemaEdits = {
  'rules-dropped': (schema) => drop(schema, 'x-kubernetes-validations'),
  'one-item-too-many': (schema) => raise(schema, 'maxItems', 'maxProperties'),
  'no-least-items': (schema) => drop(schema, 'minItems'),
  'one-letter-too-long': (schema) => raise(schema, 'maxLength'),
  'empty-texts': (schema) => drop(schema, 'minLength'),
  'patterns-dropped': (schema) => drop(schema, 'pattern'),
  'any-value': (schema) => drop(schema, 'enum'),
  'one-above-range': (schema) => raise(schema, 'maximum'),
  'below-range': (schema) => drop(schema, 'minimum'),
  'nothing-required': dropRequired,
  'defaults-dropped': (schema) => drop(schema, 'default'),
} satisfies Record<string, (schema: Schema, parent?: Schema) => boolean>;

export type SchemaEdit = keyof typeof schemaEdits;
