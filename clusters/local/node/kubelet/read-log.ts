import { existsSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
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
  const older = existsSync(rotatedLogPath(path)) ? await readFile(rotatedLogPath(path), 'utf8') : '';
  if (!existsSync(path)) return;
  const reader = { file: await open(path), position: 0 };
  try {
    const written = older.split('\n').slice(0, -1);
    for (let lines = await nextLines(reader); lines.length > 0; lines = await nextLines(reader))
      written.push(...lines);
    const wanted = written.map((line) => formatLine(line, options)).filter((line) => line !== undefined);
    const { tailLines } = options;
    yield* tailLines === undefined
      ? wanted
      : wanted.slice(wanted.length - Math.min(tailLines, wanted.length));
    if (options.follow && live !== undefined) yield* follow(reader, path, live, options, signal);
  } finally {
    await reader.file.close();
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
    yield* lines.map((line) => formatLine(line, options)).filter((line) => line !== undefined);
    if (lines.length > 0) continue;
    if (await isRotated(reader.file, path)) {
      await reader.file.close();
      reader.file = await open(path);
      reader.position = 0;
      continue;
    }
    if (wasOver) return;
    await Promise.race([written, over, gone]);
  }
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
