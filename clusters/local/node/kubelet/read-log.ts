import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
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
  const file = await openIfThere(path);
  if (file === undefined) return;
  const reader = { file, position: 0 };
  try {
    const written = (await olderThan(file, path)).split('\n').slice(0, -1);
    for (let lines = await nextLines(reader); lines.length > 0; lines = await nextLines(reader))
      written.push(...lines);
    const wanted = formatted(written, options);
    const { tailLines } = options;
    yield* tailLines === undefined
      ? wanted
      : wanted.slice(wanted.length - Math.min(tailLines, wanted.length));
    if (options.follow && live !== undefined) yield* follow(reader, path, live, options, signal);
  } finally {
    await reader.file.close();
  }
}

/** The log before the opened one. In this order: a rotation in between has put the opened one itself in its place. */
async function olderThan(file: FileHandle, path: string): Promise<string> {
  const older = await openIfThere(rotatedLogPath(path));
  if (older === undefined) return '';
  try {
    const [opened, before] = await Promise.all([file.stat(), older.stat()]);
    return opened.ino === before.ino ? '' : await older.readFile('utf8');
  } finally {
    await older.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function* follow(
  reader: Reader,
  path: string,
  live: LiveLog,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const end = { isOver: false };
  const over = live.ended.then(() => (end.isOver = true));
  const gone = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  while (!signal.aborted) {
    // Asked for before reading, so that nothing is written unseen in between; the same holds for the end.
    const written = live.nextWrite();
    const wasOver = end.isOver;
    const lines = await nextLines(reader);
    yield* formatted(lines, options);
    if (lines.length > 0) continue;
    if (await isRotated(reader.file, path)) {
      // Written after it was read last and before it was put aside.
      for (let rest = await nextLines(reader); rest.length > 0; rest = await nextLines(reader))
        yield* formatted(rest, options);
      await reader.file.close();
      reader.file = await open(path);
      reader.position = 0;
      continue;
    }
    if (wasOver) return;
    await Promise.race([written, over, gone]);
  }
}

function formatted(lines: readonly string[], options: LogOptions): string[] {
  return lines.map((line) => formatLine(line, options)).filter((line) => line !== undefined);
}

interface Reader {
  file: FileHandle;
  position: number;
}

async function isRotated(file: FileHandle, path: string): Promise<boolean> {
  const [opened, current] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return current !== undefined && current.ino !== opened.ino;
}

/** Whole lines from the reader's position on, as many as one buffer takes; a line that is being written now comes later. */
async function nextLines(reader: Reader): Promise<string[]> {
  const buffer = Buffer.alloc(256 * 1024);
  const { bytesRead } = await reader.file.read(buffer, 0, buffer.length, reader.position);
  const length = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
  reader.position += length;
  return buffer.subarray(0, length).toString().split('\n').slice(0, -1);
}
