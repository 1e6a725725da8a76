import type { Readable } from 'node:stream';
import type { KubeObject } from './object-store.ts';

export type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: T }
  | { type: 'ERROR'; object: { code: number; message: string } };

/** The events of a watch: one JSON object a line. Ends with the response. @throws SyntaxError for a line that is no JSON */
export async function* watchEvents<T extends KubeObject>(response: Readable): AsyncGenerator<WatchEvent<T>> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const part of response) {
    const lines = (rest + (part as string)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as WatchEvent<T>;
  }
}
