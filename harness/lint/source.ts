import { isAlias, isCollection, isMap, isPair, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';
import type { Document, Pair, YAMLMap, YAMLParseError } from 'yaml';
import { messageOf } from '../../common/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import { deepened, isShallow } from './brackets.ts';
import { jsonValuesIn } from './json-stream.ts';
import { asGoReads, asOneFile, isSkipped, refusalOf, refusedText, renderFirst } from './kubectl-yaml.ts';

/** Names of fields and indexes of lists, from the object's root: ['spec', 'rules', 0, 'matches']. */
export type FieldPath = readonly (string | number)[];

export interface Position {
  /** Both count from 1. */
  line: number;
  column: number;
}

/** One object of a manifest, and where its fields stand in the file. */
export interface SourceObject {
  file: string;
  object: KubeObject;
  /** Of the field, or of the nearest parent that is written. */
  positionOf(path: FieldPath): Position;
}

/** What is wrong with the text itself. */
export interface TextProblem extends Position {
  /** A text of the first kind gives no objects. */
  rule: 'not-a-manifest' | 'key-written-twice' | 'kustomization';
  file: string;
  message: string;
  fix: string;
}

export interface Manifest {
  objects: SourceObject[];
  problems: TextProblem[];
}

/** The objects of a manifest as kubectl reads it: several YAML documents or JSON, and the items of a List one by one. */
export function readManifest(written: string, file: string): Manifest {
  const manifest: Manifest = { objects: [], problems: [] };
  const text = asOneFile(written);
  const values = jsonValuesIn(text);
  for (const whole of values ?? [text]) {
    const { part, lines, moved, documents } = parsed(whole);
    const positionAt = (offset: number): Position => {
      const { line, col } = lines.linePos(offset);
      return { line, column: Math.max(1, col - (moved.get(line) ?? 0)) };
    };
    const reading = { file, isJson: values !== undefined, manifest, positionAt, text: part };
    let end = 0;
    for (const [index, document] of documents.entries()) {
      const begin = end;
      end = document.range?.[2] ?? begin;
      const refused = values === undefined ? refusedText(part.slice(begin, end)) : undefined;
      if (refused !== undefined) refuse(reading, begin + refused.offset, refused.message, refused.fix);
      else if (isSkipped(document, index))
        refuse(
          reading,
          offsetOf(document, []),
          'kubectl reads nothing after "..."',
          'write --- between documents',
        );
      else readDocument(document, reading);
    }
  }
  return manifest;
}

interface Parsed {
  part: string;
  lines: LineCounter;
  documents: Document[];
  /** By how many columns some lines of the part were moved. */
  moved: ReadonlyMap<number, number>;
}

function parsed(part: string): Parsed {
  const parse = (each: string, lineCounter = new LineCounter()) =>
    parseAllDocuments(each, { ...asGoReads, lineCounter, logLevel: 'error' }) as Document[];
  const lines = new LineCounter();
  const documents = parse(part, lines);
  if (!documents.some(isShallow)) return { part, lines, documents, moved: new Map() };
  const { text, moved } = deepened(part, parse);
  const linesOfText = new LineCounter();
  return { part: text, lines: linesOfText, documents: parse(text, linesOfText), moved };
}

interface Reading {
  file: string;
  isJson: boolean;
  /** What is read goes there. */
  manifest: Manifest;
  positionAt: (offset: number) => Position;
  text: string;
}

function refuse({ file, manifest, positionAt }: Reading, offset: number, message: string, fix: string): void {
  manifest.problems.push({ rule: 'not-a-manifest', file, message, fix, ...positionAt(offset) });
}

function readDocument(document: Document, reading: Reading): void {
  const { file, isJson, manifest, positionAt, text } = reading;
  const [error] = document.errors;
  if (error !== undefined) {
    const [begin, , end] = document.range ?? [];
    const fix = text.slice(begin, end).includes('{{') ? renderFirst : fixOf(error.code);
    refuse(reading, placeOf(error, document, text), `not YAML: ${wordsOf(error)}`, fix);
    return;
  }
  const refused = refusalOf(document, text, isJson);
  if (refused !== undefined) {
    refuse(reading, refused.offset, refused.message, refused.fix);
    return;
  }
  manifest.problems.push(...repeatedKeys(document, reading));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 10_000 });
  } catch (cause) {
    refuse(
      reading,
      offsetOf(document, []),
      messageOf(cause),
      'mend the alias, or write out what it stands for',
    );
    return;
  }
  if (value === null || value === undefined) return;
  if (isKustomization(value, file)) {
    manifest.problems.push({
      rule: 'kustomization',
      file,
      ...positionAt(offsetOf(document, [])),
      message: 'kubectl apply -f takes no Kustomization, and nothing is patched here',
      fix: 'lint what it makes: kubectl kustomize DIRECTORY | routeproof lint -',
    });
    return;
  }
  addObjects(value, [], {
    add: (object, at) =>
      manifest.objects.push({
        file,
        object,
        positionOf: (path) => positionAt(offsetOf(document, [...at, ...path])),
      }),
    refuse: (at, message, fix) => {
      refuse(reading, offsetOf(document, at), message, fix);
    },
  });
}

interface Sink {
  add(object: KubeObject, at: FieldPath): void;
  refuse(at: FieldPath, message: string, fix: string): void;
}

function addObjects(value: unknown, at: FieldPath, sink: Sink): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    sink.refuse(
      at,
      'this is not a Kubernetes object',
      'write apiVersion, kind and metadata, or leave it away',
    );
    return;
  }
  const object = value as KubeObject & { items?: unknown };
  for (const field of ['apiVersion', 'kind'] as const) {
    if (typeof object[field] === 'string') continue;
    const isMissing = !(field in object);
    sink.refuse(
      isMissing ? at : [...at, field],
      isMissing ? `the object has no ${field}` : `${field} is not a string`,
      `write ${field}; what is not for the API server cannot be applied`,
    );
    return;
  }
  const unfit =
    object.kind === '' ? 'kind' : /\/.*\//.test(object.apiVersion ?? '') ? 'apiVersion' : undefined;
  if (unfit !== undefined) {
    sink.refuse(
      [...at, unfit],
      `there can be no ${unfit} "${object[unfit] ?? ''}"`,
      unfit === 'kind'
        ? 'write the kind of the object'
        : 'write a group and a version, such as gateway.networking.k8s.io/v1',
    );
    return;
  }
  if (object.kind?.endsWith('List') === true && (object.apiVersion === 'v1' || 'items' in object)) {
    const { apiVersion, items } = object;
    if (at.length > 0) {
      sink.refuse(at, 'kubectl takes no List within a List', 'write its items into the outer one');
      return;
    }
    if (items === null) return;
    if (!Array.isArray(items)) {
      sink.refuse([...at, 'items'], 'the List has no items', 'write its objects in the list items');
      return;
    }
    const kind = object.kind.slice(0, -'List'.length);
    items.forEach((item: unknown, index) => {
      addObjects(asItem(item, { apiVersion, kind }), [...at, 'items', index], sink);
    });
    return;
  }
  sink.add(object, at);
}

/** Items of a GRPCRouteList may leave away what they are. */
function asItem(item: unknown, type: { apiVersion: string | undefined; kind: string }): unknown {
  const isTyped =
    typeof item !== 'object' ||
    item === null ||
    Array.isArray(item) ||
    'apiVersion' in item ||
    'kind' in item;
  return isTyped || type.kind === '' ? item : { ...type, ...item };
}

/** Where it leaves apiVersion and kind away, by the name of the file. */
function isKustomization(value: unknown, file: string): boolean {
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  if (apiVersion === undefined && kind === undefined) return /(^|\/)kustomization\.ya?ml$/.test(file);
  return typeof apiVersion === 'string' && apiVersion.startsWith('kustomize.config.k8s.io/');
}

/** The API server takes the last one; it is hardly what was meant. */
function repeatedKeys(document: Document, { file, positionAt }: Reading): TextProblem[] {
  const problems: TextProblem[] = [];
  visit(document, {
    Map: (_, { items }: YAMLMap) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || isMergeKey(key)) continue;
        if (seen.has(key.value))
          problems.push({
            rule: 'key-written-twice',
            file,
            ...positionAt(key.range?.[0] ?? 0),
            message: `${String(key.value)} is written twice in one map: only the last one counts`,
            fix: 'put both into one, or remove one',
          });
        seen.add(key.value);
      }
    },
  });
  return problems;
}

/** Of what is not closed: where a quote opens, or the last of the text rather than the line after it. */
function placeOf({ pos: [offset], code }: YAMLParseError, document: Document, text: string): number {
  let opened: number | undefined;
  if (code === 'MISSING_CHAR')
    visit(document, {
      Scalar: (_, { type = '', range }) => {
        if (type.startsWith('QUOTE_') && range?.[1] === offset) [opened] = range;
      },
    });
  const rest = text.slice(0, offset).trimEnd().length;
  return opened ?? (text.slice(offset).trim() === '' ? Math.max(0, rest - 1) : offset);
}

/** Where the key of the deepest written part of the path begins; of a list's item, the item. */
function offsetOf(document: Document, path: FieldPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range[0] : 0;
  for (const step of path) {
    const found = childOf(node, step, document);
    if (found === undefined) break;
    if (isNode(found.shown)) [offset] = found.shown.range;
    node = found.next;
  }
  return offset;
}

/** Follows aliases and merge keys to what they stand for. */
function childOf(
  written: unknown,
  step: string | number,
  document: Document,
): { shown: unknown; next: unknown } | undefined {
  const node = isAlias(written) ? written.resolve(document) : written;
  if (!isCollection(node)) return undefined;
  if (!isMap(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? undefined : { shown: item, next: item };
  }
  const pairs = node.items.filter((item): item is Pair => isPair(item));
  const own = pairs.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
  if (own !== undefined) return { shown: own.key, next: own.value };
  const merged = pairs.find(({ key }) => isMergeKey(key))?.value;
  return merged === undefined ? undefined : childOf(merged, step, document);
}

/** The reader makes a symbol of `<<`. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

function isNode(value: unknown): value is { range: [number, number, number] } {
  return typeof value === 'object' && value !== null && Array.isArray((value as { range?: unknown }).range);
}

/** Without what the library shows of the text, which may be of a Secret. */
function wordsOf({ code, message }: YAMLParseError): string {
  if (code === 'BAD_DQ_ESCAPE') return 'a backslash in double quotes begins no escape';
  if (code === 'TAG_RESOLVE_FAILED') return 'a value that begins with ! has an unknown tag';
  const [words = ''] = message.replace(/ at line \d+, column \d+:?/, '').split('\n');
  return words.replace(/(?<=\w): .*/, '');
}

function fixOf(code: string): string {
  if (code === 'TAB_AS_INDENT') return 'indent with spaces';
  if (code === 'BAD_ALIAS') return 'put a value that begins with * in quotes';
  if (code === 'MISSING_CHAR') return 'close the quote or the bracket';
  return 'mend the text there: look at indentation, colons, quotes and brackets';
}
