import { createWriteStream, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import type { WriteStream } from 'node:fs';
import type { Readable } from 'node:stream';

/** Kubelet's default for containerLogMaxSize; one older file is kept beside the current one. */
export const maxLogSizeBytes = 10 * 1024 * 1024;
/** A program that never ends its line must not fill the agent's memory. */
const maxLineBytes = 16 * 1024;

/** Name of the file that holds what was written before the last rotation. */
export function rotatedLogPath(path: string): string {
  return `${path}.old`;
}

/** A container's output, each line with its time and stream, in the form of the container runtimes: `TIME stdout F text`. */
export class LogFile {
  readonly #path: string;
  readonly #maxSizeBytes: number;
  #stream: WriteStream;
  #sizeBytes = 0;
  /** Streams of earlier files that still have something to write. */
  readonly #finishing = new Set<Promise<void>>();
  #waiting: (() => void)[] = [];

  constructor(path: string, maxSizeBytes = maxLogSizeBytes) {
    this.#path = path;
    this.#maxSizeBytes = maxSizeBytes;
    this.#stream = openLog(path);
  }

  /** Copies a stream line by line until it ends. */
  async consume(input: Readable, name: 'stdout' | 'stderr'): Promise<void> {
    input.setEncoding('utf8');
    let rest = '';
    for await (const chunk of input) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) await this.#write(name, lines);
      if (rest.length > maxLineBytes) {
        await this.#write(name, [rest]);
        rest = '';
      }
    }
    if (rest !== '') await this.#write(name, [rest]);
  }

  /** Resolves when something has been written after this call. */
  nextWrite(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when all is in the file and in the one before it. */
  async close(): Promise<void> {
    this.#finish();
    await Promise.all(this.#finishing);
  }

  /** Resolves when the lines are in the file: a program writes no faster than its log is written. */
  #write(name: string, lines: string[]): Promise<void> {
    const time = new Date().toISOString();
    const text = lines.map((line) => `${time} ${name} F ${line}\n`).join('');
    const stream = this.#stream;
    this.#sizeBytes += Buffer.byteLength(text);
    return new Promise((written) => {
      stream.write(text, () => {
        if (stream === this.#stream && this.#isFull()) this.#rotate();
        for (const resolve of this.#waiting.splice(0)) resolve();
        written();
      });
    });
  }

  /** A file is put aside when all of it is written, so that its readers miss nothing; where two outputs flood it, at twice the size. */
  #isFull(): boolean {
    const isIdle = this.#stream.writableLength === 0;
    return this.#sizeBytes > this.#maxSizeBytes * (isIdle ? 1 : 2);
  }

  #finish(): void {
    const finished = new Promise<void>((resolve) => this.#stream.end(resolve));
    this.#finishing.add(finished);
    void finished.then(() => this.#finishing.delete(finished));
  }

  #rotate(): void {
    this.#finish();
    // The old stream has the file open and finishes into it under its new name. A reader finds a file at the path at any time.
    const next = `${this.#path}.next`;
    this.#stream = openLog(next);
    rmSync(rotatedLogPath(this.#path), { force: true });
    linkSync(this.#path, rotatedLogPath(this.#path));
    renameSync(next, this.#path);
    this.#sizeBytes = 0;
  }
}

/** Opens at once: a rotation renames the file, so that it must be there, and be this stream's, by then. */
function openLog(path: string): WriteStream {
  return createWriteStream(path, { fd: openSync(path, 'a', 0o600) });
}
