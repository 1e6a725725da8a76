import { LineCounter, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../kube/objects.ts';

/** One object of a YAML file and where it stands in it. */
export interface ManifestDocument {
  object: KubeObject;
  /** `header/exact.yaml, document 2, line 14`. */
  place: string;
}

export class ManifestError extends Error {
  readonly place: string;

  constructor(place: string, message: string) {
    super(message);
    this.name = 'ManifestError';
    this.place = place;
  }
}

/**
 * The objects of a YAML text, in order; empty documents are left out.
 *
 * @param file - how messages name the file
 * @throws ManifestError - not YAML, or not an object with apiVersion, kind and metadata.name
 */
export function parseManifest(text: string, file: string): ManifestDocument[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, uniqueKeys: true });
  const found: ManifestDocument[] = [];
  for (const [index, document] of [...documents].entries()) {
    const start = document.contents === null ? document.range[0] : document.contents.range[0];
    const at = (offset: number): string =>
      `${file}, document ${String(index + 1)}, line ${String(lineCounter.linePos(offset).line)}`;
    const [error] = document.errors;
    if (error !== undefined)
      throw new ManifestError(at(error.pos[0]), error.message.split('\n')[0] ?? error.message);
    const value: unknown = document.toJS();
    if (value === null || value === undefined) continue;
    found.push({ object: objectOf(value, at(start)), place: at(start) });
  }
  if (found.length === 0) throw new ManifestError(file, 'the file holds no object');
  return found;
}

function objectOf(value: unknown, place: string): KubeObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ManifestError(place, 'the document is not an object');
  }
  const object = value as KubeObject;
  const missing = [
    ...(typeof object.apiVersion === 'string' ? [] : ['apiVersion']),
    ...(typeof object.kind === 'string' ? [] : ['kind']),
    ...(typeof object.metadata?.name === 'string' ? [] : ['metadata.name']),
  ];
  if (missing.length > 0) throw new ManifestError(place, `the object has no ${missing.join(', no ')}`);
  return object;
}
