import { constants, mkdirSync, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';

/** How many are made at a time: one program makes them all. */
const batch = 32;

/** A way out of a container for one of its outputs. */
export interface OutputPipe {
  /** What comes out. */
  reader: Socket;
  /** Descriptor for the program; the caller closes its own copy when the program has it. */
  writeFd: number;
}

/**
 * Makes pipes for containers' outputs. Node connects a child by sockets, and a program that opens /dev/stdout (Envoy's access log)
 * cannot open one of those; every container runtime gives its containers pipes.
 */
export class OutputPipes {
  readonly #dir: string;
  readonly #free: string[] = [];
  #making: Promise<void> | undefined;
  #count = 0;

  /** @param privateDir - on a file system that has named pipes */
  constructor(privateDir: string) {
    this.#dir = join(privateDir, 'pipes');
    mkdirSync(this.#dir, { recursive: true });
  }

  /** @throws Error - with what `mkfifo` said */
  async take(): Promise<OutputPipe> {
    let path = this.#free.pop();
    while (path === undefined) {
      this.#making ??= this.#make().finally(() => (this.#making = undefined));
      await this.#making;
      path = this.#free.pop();
    }
    // Without a reader the other end could not be opened, without a writer a read would find the end.
    const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeFd = openSync(path, constants.O_WRONLY);
    unlinkSync(path);
    return { reader: new Socket({ fd: readFd, readable: true, writable: false }), writeFd };
  }

  async #make(): Promise<void> {
    const paths = Array.from({ length: batch }, () => join(this.#dir, `${this.#count++}`));
    await execa('mkfifo', ['-m', '600', ...paths]);
    this.#free.push(...paths);
  }
}
