import { CrdSchemas } from './crd-schemas.ts';
import { celIssues } from './cel.ts';
import type { Issue, Rule } from './rule.ts';
import type { SourceObject } from './source.ts';
import { Structure } from './structure.ts';

let rules: readonly Rule[] | undefined;

/**
 * What the API server itself would refuse, by the schemas and CEL rules of the pinned CRDs.
 *
 * @throws RouteproofError TOOL_MISSING
 */
export function schemaRules(): readonly Rule[] {
  rules ??= makeRules();
  return rules;
}

function makeRules(): Rule[] {
  const schemas = new CrdSchemas();
  const structure = new Structure();
  return [
    { id: 'api-version', level: 'error', check: (source) => versionIssues(source, schemas) },
    { id: 'schema', level: 'error', check: (source) => schemaIssues(source, schemas, structure) },
  ];
}

function versionIssues({ object }: SourceObject, schemas: CrdSchemas): Issue[] {
  const { apiVersion = '', kind = '' } = object;
  const [group = ''] = apiVersion.split('/');
  const served = schemas.servedVersions(group, kind);
  if (served === undefined || served.includes(apiVersion)) return [];
  return [
    {
      path: ['apiVersion'],
      message: `the release serves no ${apiVersion} ${kind}`,
      fix: `use ${served.join(' or ')}`,
    },
  ];
}

function schemaIssues({ object }: SourceObject, schemas: CrdSchemas, structure: Structure): Issue[] {
  const schema = schemas.schemaOf(object.apiVersion ?? '', object.kind ?? '');
  if (schema === undefined) return [];
  const copy = structuredClone(object);
  const issues = structure.check(copy, schema);
  // A rule may trip over a value of the wrong type, and would only repeat what has been said.
  return issues.length > 0 ? issues : celIssues(copy, schema);
}
