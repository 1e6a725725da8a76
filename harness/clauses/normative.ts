import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

/** The kinds whose statements suites/clauses stands for. */
export const normativeKinds = [
  'BackendTLSPolicy',
  'GRPCRoute',
  'Gateway',
  'GatewayClass',
  'ListenerSet',
  'ReferenceGrant',
] as const;

/** A sentence with a word of obligation, or a CEL rule, of a CRD. */
export interface Statement {
  /** Kind and field of its first occurrence in the kind: what a field says is often repeated in several places. */
  path: string;
  sort: 'sentence' | 'rule';
  /** The sentence, or the rule's message and expression. */
  text: string;
  /** Of the kind and the text without its spacing, so that another line width is no change: 10 hexadecimal digits. */
  fingerprint: string;
}

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  'x-kubernetes-validations'?: { rule: string; message?: string; messageExpression?: string }[];
}

interface Crd {
  kind?: string;
  spec?: {
    names: { kind: string };
    versions: { storage: boolean; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** RFC 2119 words, as Gateway API writes them where it means them. */
const obligation = /\b(MUST|SHOULD|MAY|SHALL|REQUIRED|RECOMMENDED|OPTIONAL)\b/;

/** Every normative statement of the stored versions of the CRDs in `dir`, each text once a kind, in the order of files and fields. */
export function normativeStatements(dir: string): Statement[] {
  const found = new Map<string, Statement>();
  for (const { kind, schema } of storedSchemas(dir)) {
    for (const statement of statementsIn(schema, kind)) {
      if (!found.has(statement.fingerprint)) found.set(statement.fingerprint, statement);
    }
  }
  return [...found.values()];
}

function storedSchemas(dir: string): { kind: string; schema: Schema }[] {
  const files = readdirSync(dir).filter((file) => file.endsWith('.yaml'));
  const documents = files
    .sort()
    .map((file) => readFileSync(join(dir, file), 'utf8'))
    // Reading half a megabyte of HTTPRoute would take longer than all the rest.
    .filter((text) => normativeKinds.some((kind) => text.includes(`\n    kind: ${kind}\n`)))
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Crd | null));
  return documents.flatMap((crd) => {
    const kind = crd?.spec?.names.kind ?? '';
    const stored = crd?.spec?.versions.find(({ storage }) => storage);
    const wanted = (normativeKinds as readonly string[]).includes(kind);
    return stored !== undefined && wanted ? [{ kind, schema: stored.schema.openAPIV3Schema }] : [];
  });
}

function statementsIn(schema: Schema, path: string): Statement[] {
  const sentences = sentencesOf(schema.description ?? '')
    .filter((sentence) => obligation.test(sentence))
    .map((text) => statement(path, 'sentence', text));
  const rules = (schema['x-kubernetes-validations'] ?? []).map(({ rule, message, messageExpression }) =>
    statement(path, 'rule', `${message ?? messageExpression ?? ''} [${rule}]`),
  );
  const children = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    statementsIn(child, `${path}.${name}`),
  );
  const items = schema.items === undefined ? [] : statementsIn(schema.items, `${path}[]`);
  const values =
    typeof schema.additionalProperties === 'object'
      ? statementsIn(schema.additionalProperties, `${path}{}`)
      : [];
  return [...sentences, ...rules, ...children, ...items, ...values];
}

function statement(path: string, sort: Statement['sort'], text: string): Statement {
  const spaced = text.replaceAll(/\s+/g, ' ').trim();
  const [kind = ''] = path.split('.');
  const fingerprint = createHash('sha256').update(`${kind} ${spaced}`).digest('hex').slice(0, 10);
  return { path, sort, text: spaced, fingerprint };
}

/** Paragraphs and list items first, then sentences; a colon ends one only at the end of its line. */
function sentencesOf(description: string): string[] {
  return description
    .split(/\n\s*\n|\n\s*(?=[*-] |\d+\. )|:\n/)
    .flatMap((part) => part.replaceAll(/\s+/g, ' ').split(/(?<=[.!?]['")]?) (?=[A-Z*"'`(_-])/))
    .map((sentence) => sentence.trim());
}
