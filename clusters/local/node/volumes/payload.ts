import type { KeyToPath } from '../../../api/types.ts';
import type { ConfigData } from '../values/config-source.ts';

/** One file of a volume; its path is relative to the volume. */
export interface PayloadFile {
  content: Buffer;
  mode: number;
}
export type Payload = Record<string, PayloadFile>;

export interface ItemOptions {
  items: KeyToPath[] | undefined;
  defaultMode: number | undefined;
  optional: boolean;
  /** For messages: `configmap "NAME"`. */
  source: string;
}

/** Kubernetes' default for the files of a volume. */
export const defaultFileMode = 0o644;

/** The files that a ConfigMap or Secret becomes. @throws Error - when `items` names a key that is not there */
export function payloadOf(data: ConfigData, { items, defaultMode, optional, source }: ItemOptions): Payload {
  const mode = defaultMode ?? defaultFileMode;
  if (items === undefined || items.length === 0) {
    return Object.fromEntries(Object.entries(data).map(([key, content]) => [key, { content, mode }]));
  }
  const payload: Payload = {};
  for (const item of items) {
    const content = data[item.key];
    if (content !== undefined) payload[checkedPath(item.path)] = { content, mode: item.mode ?? mode };
    else if (!optional) throw new Error(`${source} has no key "${item.key}"`);
  }
  return payload;
}

/** The API server refuses these already; a file outside of the volume must never depend on that. */
function checkedPath(path: string): string {
  if (path.startsWith('/') || path.split('/').includes('..'))
    throw new Error(`the path ${path} leaves its volume`);
  return path;
}

export function samePayload(a: Payload, b: Payload): boolean {
  const [pathsA, pathsB] = [Object.keys(a).sort(), Object.keys(b).sort()];
  if (pathsA.join('\0') !== pathsB.join('\0')) return false;
  return pathsA.every((path) => {
    const [fileA, fileB] = [a[path], b[path]];
    return (
      fileA !== undefined &&
      fileB !== undefined &&
      fileA.mode === fileB.mode &&
      fileA.content.equals(fileB.content)
    );
  });
}
