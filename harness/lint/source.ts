import { isCollection, isPair, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { RouteproofError } from '../../common/errors.ts';
import type { KubeObject } from '../kube/objects.ts';

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

/**
 * The objects of a manifest as kubectl reads it: several YAML documents or JSON, and the items of a List one by one.
 *
 * @param file - how findings name it
 * @throws RouteproofError INVALID_MANIFEST - not YAML, or a document that is no Kubernetes object
 */
export function readObjects(text: string, file: string): SourceObject[] {
  const lines = new LineCounter();
  const documents = [...parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true })] as Document[];
  return documents.flatMap((document) => {
    const positionAt = (offset: number): Position => {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    };
    const [error] = document.errors;
    if (error !== undefined)
      throw invalid(file, positionAt(error.pos[0]), error.message.split('\n')[0] ?? error.message);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    const positionOf = (path: FieldPath): Position => positionAt(offsetOf(document, path));
    return objectsIn(value, [], { file, positionOf });
  });
}

function objectsIn(value: unknown, at: FieldPath, source: Omit<SourceObject, 'object'>): SourceObject[] {
  const { file, positionOf } = source;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(file, positionOf(at), 'the document is not an object');
  const object = value as KubeObject & { items?: unknown };
  for (const field of ['apiVersion', 'kind'] as const)
    if (typeof object[field] !== 'string') throw invalid(file, positionOf(at), `the object has no ${field}`);
  if (object.kind?.endsWith('List') === true && Array.isArray(object.items))
    return object.items.flatMap((item, index) => objectsIn(item, [...at, 'items', index], source));
  return [{ file, object, positionOf: (path) => positionOf([...at, ...path]) }];
}

/** Where the key of the deepest written part of the path begins; of a list's item, the item. */
function offsetOf(document: Document, path: FieldPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range[0] : 0;
  for (const step of path) {
    if (!isCollection(node)) break;
    const item = node.items.find((each, index) =>
      isPair(each) ? isScalar(each.key) && each.key.value === step : index === step,
    );
    if (item === undefined) break;
    const [shown, next] = isPair(item) ? [item.key, item.value] : [item, item];
    if (isNode(shown)) [offset] = shown.range;
    node = next;
  }
  return offset;
}

function isNode(value: unknown): value is { range: [number, number, number] } {
  return typeof value === 'object' && value !== null && Array.isArray((value as { range?: unknown }).range);
}

function invalid(file: string, { line, column }: Position, seen: string): RouteproofError {
  return new RouteproofError('INVALID_MANIFEST', 'the file is not a Kubernetes manifest', {
    object: `${file}:${String(line)}:${String(column)}`,
    seen,
    hint: 'kubectl would not read it either: `kubectl apply --dry-run=client -f` shows the same place',
  });
}
