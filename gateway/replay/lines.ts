import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** @param path - a file; left open: standard input */
export async function* linesOf(path: string | undefined): AsyncGenerator<string> {
  const input = path === undefined ? process.stdin : createReadStream(path);
  for await (const line of createInterface({ input })) if (line !== '') yield line;
}
