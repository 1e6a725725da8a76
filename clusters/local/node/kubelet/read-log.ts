import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { rotatedLogPath } from '../container/log-file.ts';
import { formatLine } from './log-options.ts';
import type { LogOptions } from './log-options.ts';

export interface LogSource {
  path: string;
  /** Set while its container runs. */
  live: LiveLog | undefined;
}

export interface LiveLog {
  /** Resolves when nothing more will be written. */
  ended: Promise<unknown>;
  /** Resolves at the next write after the call. */
  nextWrite(): Promise<void>;
}

/** The lines that are asked for, each with its end; with `follow` until the container's end or `signal`. */
export async function* readLog(
  source: LogSource,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let left = options.limitBytes ?? Infinity;
  for await (const line of linesOf(source, options, signal)) {
    const bytes = Buffer.from(`${line}\n`);
    yield bytes.subarray(0, left).toString();
    left -= bytes.length;
    if (left <= 0) return;
  }
}

async function* linesOf(source: LogSource, options: LogOptions, signal: AbortSignal): AsyncGenerator<string> {
  const { path, live } = source;
  const older = existsSync(rotatedLogPath(path)) ? await readFile(rotatedLogPath(path), 'utf8') : '';
  const current = existsSync(path) ? await readFile(path) : Buffer.alloc(0);
  // A line that is being written right now is read when it is whole.
  const length = current.lastIndexOf('\n') + 1;
  const lines = (older + current.subarray(0, length).toString()).split('\n').slice(0, -1);
  const wanted = lines.map((line) => formatLine(line, options)).filter((line) => line !== undefined);
  const { tailLines } = options;
  yield* tailLines === undefined ? wanted : tailLines === 0 ? [] : wanted.slice(-tailLines);
  if (!options.follow || live === undefined) return;
  yield* followFrom(path, length, live, options, signal);
}

async function* followFrom(
  path: string,
  from: number,
  live: LiveLog,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const file = await open(path);
  try {
    let isOver = false;
    const over = live.ended.then(() => (isOver = true));
    const gone = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    for (let position = from; !signal.aborted;) {
      // Asked for before reading, so that nothing is written unseen in between; the same holds for the end.
      const written = live.nextWrite();
      const wasOver = isOver;
      const { text, length } = await readLines(file, position);
      position += length;
      yield* text.map((line) => formatLine(line, options)).filter((line) => line !== undefined);
      if (length > 0) continue;
      if (wasOver) return;
      await Promise.race([written, over, gone]);
    }
  } finally {
    await file.close();
  }
}

/** Whole lines from a position on, as many as one buffer takes. */
async function readLines(
  file: Awaited<ReturnType<typeof open>>,
  position: number,
): Promise<{ text: string[]; length: number }> {
  const buffer = Buffer.alloc(256 * 1024);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  const length = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
  return { text: buffer.subarray(0, length).toString().split('\n').slice(0, -1), length };
}
