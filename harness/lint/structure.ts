import { isIPv4, isIPv6 } from 'node:net';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { KubeObject } from '../kube/objects.ts';
import { namedBySubdomain } from './core-schemas.ts';
import type { Schema } from './crd-schemas.ts';
import { duplicateIssues, dropNulls } from './list-types.ts';
import type { SchemaIssue } from './rule.ts';
import type { FieldPath } from './source.ts';
import { fixPattern, wordsOf } from './structure-words.ts';

/** Known to the API server; what it checks of the others is in the patterns and rules beside them. */
const formats = {
  // Go's check lets zeros lead.
  ipv4: (text: string) => isIPv4(text.replace(/\b0+(?=\d)/g, '')),
  ipv6: (text: string) => isIPv6(text) && !text.includes('%'),
  byte: isBase64,
  ...Object.fromEntries(['int32', 'int64', 'date-time'].map((name) => [name, true as const])),
};

/** With ends of lines anywhere, as Go takes it. */
function isBase64(text: string): boolean {
  const bare = text.replace(/[\r\n]/g, '');
  return bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare);
}

/** Tell of several schemas at once; what fails within them is part of their own message. */
const combining = new Set(['anyOf', 'oneOf']);
/** Follow from another error of the same place. */
const echoes = new Set(['if', 'allOf', 'propertyNames']);

/** Checks objects against structural schemas as the API server does with fieldValidation=Strict. */
export class Structure {
  readonly #ajv = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    useDefaults: true,
    unicodeRegExp: false,
    formats,
  });
  readonly #compiled = new Map<Schema, { validate: ValidateFunction; closed: Schema }>();

  /** Fills the schema's defaults into `object` and tells what is wrong with it. */
  check(object: KubeObject, schema: Schema): SchemaIssue[] {
    const { validate, closed } = this.#compile(schema);
    dropNulls(object, closed);
    // The first time is for the defaults, which some schemas are about and which are filled in too late for them.
    validate(object);
    validate(object);
    const errors = validate.errors ?? [];
    const own = errors.filter(({ schemaPath }) => !/\/(anyOf|oneOf)\//.test(schemaPath));
    // What an empty text does not match, or of which form a value of the wrong type is, has been said then.
    const told = new Set(
      own
        .filter(({ keyword }) => keyword === 'type' || keyword === 'minLength')
        .map((each) => each.instancePath),
    );
    const isEcho = ({ keyword, instancePath }: ErrorObject): boolean =>
      echoes.has(keyword) || (told.has(instancePath) && ['pattern', 'oneOf'].includes(keyword));
    const issues = own
      .filter((error) => !isEcho(error))
      .map((error) => (combining.has(error.keyword) ? combinedIssueOf(error, errors) : issueOf(error)));
    return [...issues, ...duplicateIssues(object, closed)];
  }

  #compile(schema: Schema): { validate: ValidateFunction; closed: Schema } {
    const known = this.#compiled.get(schema);
    if (known !== undefined) return known;
    const root = closedRoot(schema);
    const compiled = { validate: this.#ajv.compile(root), closed: root };
    this.#compiled.set(schema, compiled);
    return compiled;
  }
}

/** Of an object: its CRD leaves metadata to the API server. */
function closedRoot(schema: Schema): Schema {
  const copy = closed(schema);
  const { metadata, status } = schema.properties ?? {};
  copy.properties = {
    ...copy.properties,
    metadata: closed(metadata?.properties === undefined ? namedBySubdomain : metadata),
    ...(status && { status: namesOnly(closed(status)) }),
  };
  return copy;
}

/** Of status: the API server drops what is written there, but for fields that it does not know, in lists and texts too. */
function namesOnly(schema: Schema): Schema {
  const { properties, items, additionalProperties = false } = schema;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return {};
  return {
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, namesOnly(property)]),
      ),
    }),
    items: items === undefined ? { additionalProperties: false } : namesOnly(items),
    additionalProperties:
      typeof additionalProperties === 'object' ? namesOnly(additionalProperties) : additionalProperties,
  };
}

/** The same schema with no other fields than those it names. */
function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties } = schema;
  const copy: Schema = { ...schema };
  if (properties !== undefined) {
    copy.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, closed(property)]),
    );
    copy.additionalProperties = schema['x-kubernetes-preserve-unknown-fields'] === true;
  } else if (typeof additionalProperties === 'object') {
    copy.additionalProperties = closed(additionalProperties);
  }
  if (items !== undefined) copy.items = closed(items);
  return copy;
}

function issueOf(error: ErrorObject): SchemaIssue {
  const { instancePath, keyword, params, propertyName } = error;
  const path = pathOf(instancePath);
  const { additionalProperty } = params as { additionalProperty?: string };
  const at = [additionalProperty, propertyName].filter((name) => name !== undefined);
  return { path: [...path, ...at], keyword, ...wordsOf(error) };
}

/** Shown at the deepest place that every one of the schemas complains of. */
function combinedIssueOf(error: ErrorObject, all: readonly ErrorObject[]): SchemaIssue {
  const within = all.filter(
    ({ schemaPath, instancePath }) =>
      schemaPath.startsWith(`${error.schemaPath}/`) && instancePath.startsWith(error.instancePath),
  );
  const deepest = within.reduce(
    (found, each) => (each.instancePath > found.instancePath ? each : found),
    error,
  );
  const failed = within.filter(
    ({ instancePath, keyword }) => instancePath === deepest.instancePath && !combining.has(keyword),
  );
  const wanted = failed.map(({ message = '' }) => message.replace('must ', ''));
  const { pattern = '' } = (failed.find(({ keyword }) => keyword === 'pattern')?.params ?? {}) as {
    pattern?: string;
  };
  return {
    path: pathOf(deepest.instancePath),
    keyword: error.keyword,
    message: `${JSON.stringify(deepest.data)} is not right: it has to ${[...new Set(wanted)].join(' or to ')}`,
    fix: fixPattern(pattern) ?? 'write a value of one of these forms',
  };
}

/** A JSON pointer; numbers are indexes, as no field of these schemas is named by one. */
function pathOf(pointer: string): FieldPath {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
