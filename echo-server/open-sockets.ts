import type { Socket } from 'node:net';

/** Knows which connections are open, so that a shutdown can wait for them. */
export class OpenSockets {
  readonly #open = new Set<Socket>();
  #whenEmpty: (() => void) | undefined;

  add(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#whenEmpty?.();
    });
  }

  /** Resolves when all are closed; those that are not within `graceMs` are cut off. */
  async closed(graceMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const timer = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, graceMs);
    await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
    clearTimeout(timer);
  }
}
