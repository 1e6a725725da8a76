import { given } from '../../common/given.ts';
import { hasCrds } from '../../common/tools.ts';
import { officialReleases } from '../../common/official-releases.ts';
import { celIssues } from './cel.ts';
import { coreSchemas, namedBySubdomain, otherSchema } from './core-schemas.ts';
import { CrdSchemas, type CrdSource, type Schema } from './crd-schemas.ts';
import { fieldText, type Issue, type Rule, type SchemaIssue } from './rule.ts';
import { schemaClauseOf } from './schema-clauses.ts';
import type { FieldPath, SourceObject } from './source.ts';
import { Structure } from './structure.ts';
import { nearest } from './structure-words.ts';
import { gatewayGroup, groupOf } from './world.ts';

/** Where kinds of Gateway API are looked for by mistake; in other groups there are other kinds of these names. */
function isMistaken(group: string): boolean {
  const isKubernetes =
    ['', 'extensions', 'apps'].includes(group) || /(gateway|networking).*k8s\.io$/.test(group);
  return isKubernetes || nearest(group, [gatewayGroup]) !== undefined;
}

const structure = new Structure();
const loaded = new Map<string, CrdSchemas>();

/** @throws RouteproofError TOOL_MISSING */
function schemasOf(source: CrdSource): CrdSchemas {
  const key = `${source.release} ${source.channel}`;
  let schemas = loaded.get(key);
  if (schemas === undefined) {
    schemas = new CrdSchemas(source);
    loaded.set(key, schemas);
  }
  return schemas;
}

/**
 * What the API server itself would refuse, by the schemas and CEL rules of the CRDs.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export function schemaRules(source: CrdSource): readonly Rule[] {
  const schemas = schemasOf(source);
  return [
    { id: 'api-version', level: 'error', check: ({ object }) => versionIssues(object, source, schemas) },
    { id: 'schema', level: 'error', check: (read) => schemaIssues(read, source, schemas) },
  ];
}

function versionIssues(object: SourceObject['object'], source: CrdSource, schemas: CrdSchemas): Issue[] {
  const { apiVersion = '', kind = '' } = object;
  const group = groupOf(object);
  const served = schemas.servedVersions(group, kind);
  if (served?.includes(apiVersion) === true) return [];
  const { release, channel } = source;
  const message = `${release} (${channel} channel) serves no ${apiVersion} ${kind}`;
  if (served !== undefined) return [{ path: ['apiVersion'], message, fix: `use ${served.join(' or ')}` }];
  const own = isMistaken(group) ? schemas.servedVersions(gatewayGroup, kind) : undefined;
  if (own !== undefined) return [{ path: ['apiVersion'], message, fix: `use ${own.join(' or ')}` }];
  if (group !== gatewayGroup && group !== 'gateway.networking.x-k8s.io') return [];
  const known = schemas.kindsOf(gatewayGroup);
  const elsewhere = otherHome(source, (other) => other.schemaOf(apiVersion, kind));
  return [
    {
      path: ['kind'],
      message,
      fix: elsewhere ?? `use ${nearest(kind, known) ?? `one of ${known.join(', ')}`}`,
    },
  ];
}

/** What a value may break and still have the type that it should. */
const keepsTypes = new Set(['duplicate', 'minimum', 'maximum', 'pattern', 'maxLength', 'maxItems']);

function schemaIssues({ object }: SourceObject, source: CrdSource, schemas: CrdSchemas): Issue[] {
  const { apiVersion = '', kind = '' } = object;
  const crd = schemas.schemaOf(apiVersion, kind);
  const known = crd ?? (apiVersion === 'v1' ? coreSchemas[kind] : undefined);
  const schema = known ?? otherSchema;
  const copy = structuredClone(object);
  // Others may be no objects of the API server, such as the values of a chart, which have no name.
  const issues = [...(known === undefined ? [] : nameIssues(object)), ...structure.check(copy, schema)];
  // A rule may trip over a value of the wrong type, and would only repeat what has been said.
  const broken = issues.filter(({ keyword }) => !keepsTypes.has(keyword)).map(({ path }) => path);
  const told = issues.map((issue) => ({ place: nullIn(object, issue), ...issue }));
  return [...told, ...celIssues(copy, schema, broken)].map(({ place, ...issue }) => {
    const clause = schemaClauseOf(kind, issue);
    return {
      ...issue,
      ...given({ path: place, clause }),
      ...(issue.keyword === 'additionalProperties' ? { fix: fixOfField(object, issue, schema, source) } : {}),
    };
  });
}

/** Where a field that is missing is written without a value. */
function nullIn(
  object: SourceObject['object'],
  { path, keyword, message }: SchemaIssue,
): FieldPath | undefined {
  const [, name = ''] = keyword === 'required' ? (/^the field "(.+)" is missing$/.exec(message) ?? []) : [];
  const map = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step], object);
  const isWritten = typeof map === 'object' && map !== null && Object.hasOwn(map, name);
  return isWritten ? [...path, name] : undefined;
}

/** kubectl apply needs a name; create takes generateName. */
function nameIssues({ metadata }: SourceObject['object']): SchemaIssue[] {
  // Something else in its place is for the schema to say.
  const written: unknown = metadata ?? {};
  if (typeof written !== 'object' || Array.isArray(written)) return [];
  const { name, generateName } = written as { name?: unknown; generateName?: unknown };
  if ((name ?? generateName ?? '') !== '') return [];
  return [
    { path: ['metadata'], keyword: 'required', message: 'the object has no name', fix: 'add metadata.name' },
  ];
}

/** An unknown field may be known to another release, or to a map above or below. */
function fixOfField(
  object: SourceObject['object'],
  { path, fix }: SchemaIssue,
  schema: Schema,
  source: CrdSource,
): string {
  const home = homeOfField(object, path, source);
  if (home !== undefined) return home;
  const place = placeOf(path, {
    ...schema,
    properties: { ...schema.properties, metadata: namedBySubdomain },
  });
  return place === undefined ? fix : `${fix}; ${place} can have it`;
}

function placeOf(path: FieldPath, schema: Schema): string | undefined {
  const [map, name = ''] = [path.slice(0, -1), path.at(-1)?.toString()];
  const has = (at: FieldPath): boolean => propertyOf(fieldIn(schema, at), name) !== undefined;
  const above = map.map((_, length) => map.slice(0, length)).reverse();
  const below = Object.entries(fieldIn(schema, map)?.properties ?? {}).map(([child, { items }]) =>
    items === undefined ? [...map, child] : [...map, child, 0],
  );
  const found = [...below, ...above].find(has);
  if (found === undefined) return undefined;
  return found.length === 0 ? 'the object itself' : fieldText(found);
}

function homeOfField(object: SourceObject['object'], path: FieldPath, source: CrdSource): string | undefined {
  return otherHome(source, (schemas) =>
    fieldIn(schemas.schemaOf(object.apiVersion ?? '', object.kind ?? ''), path),
  );
}

/** Its own ones alone: every object has a `constructor`. */
function propertyOf(schema: Schema | undefined, name: string): Schema | undefined {
  const properties = schema?.properties ?? {};
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function fieldIn(schema: Schema | undefined, path: FieldPath): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (at, step) => (typeof step === 'number' ? at?.items : propertyOf(at, step)),
    schema,
  );
}

/** Another channel or release that has something; the nearest one. */
function otherHome(
  { release, channel }: CrdSource,
  find: (schemas: CrdSchemas) => Schema | undefined,
): string | undefined {
  const sources = [release, ...officialReleases.filter((each) => each !== release && hasCrds(each))].flatMap(
    (each) => (['standard', 'experimental'] as const).map((of) => ({ release: each, channel: of })),
  );
  const home = sources.find(
    (each) => (each.release !== release || each.channel !== channel) && find(schemasOf(each)) !== undefined,
  );
  if (home === undefined) return undefined;
  return `remove it, or install the ${home.channel} channel of ${home.release}, which has it (--channel ${home.channel} --gateway-api-version ${home.release})`;
}
