import { connect, type ClientHttp2Session } from 'node:http2';
import { dial, firstSettings } from '../rpc/raw.ts';
import { dialName } from '../rpc/target.ts';

const connectTimeoutMs = 5_000;

/** Plaintext HTTP/2 connections to one address, kept open, used in turn; one that ends is dialled again. */
export class Connections {
  readonly #target: { address: string; port: number };
  readonly #sessions: (ClientHttp2Session | undefined)[];
  #next = 0;
  #closed = false;

  private constructor(target: { address: string; port: number }, sessions: ClientHttp2Session[]) {
    this.#target = target;
    this.#sessions = sessions;
    for (const [index, session] of sessions.entries()) this.#follow(index, session);
  }

  /** @throws Error - no connection, or the peer does not speak HTTP/2 */
  static async open(target: { address: string; port: number }, count: number): Promise<Connections> {
    return new Connections(target, await Promise.all(Array.from({ length: count }, () => open(target))));
  }

  /** One that is open; undefined while there is none. */
  next(): ClientHttp2Session | undefined {
    for (let tried = 0; tried < this.#sessions.length; tried++) {
      this.#next = (this.#next + 1) % this.#sessions.length;
      const session = this.#sessions[this.#next];
      if (session !== undefined && !session.closed && !session.destroyed) return session;
    }
    return undefined;
  }

  close(): void {
    this.#closed = true;
    for (const session of this.#sessions) session?.destroy();
  }

  #follow(index: number, session: ClientHttp2Session): void {
    this.#sessions[index] = session;
    let left = false;
    // A GOAWAY ends the use of a connection, not the calls that are on it.
    const leave = (): void => {
      if (left) return;
      left = true;
      this.#sessions[index] = undefined;
      void this.#redial(index);
    };
    session.on('goaway', leave);
    session.on('close', leave);
    session.on('error', leave);
  }

  #take(index: number, session: ClientHttp2Session): void {
    if (this.#closed) session.destroy();
    else this.#follow(index, session);
  }

  async #redial(index: number): Promise<void> {
    while (!this.#closed) {
      try {
        const session = await open(this.#target);
        this.#take(index, session);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, redialPauseMs));
      }
    }
  }
}

/** A refused connection is tried again soon: how long a restart takes is a figure. */
const redialPauseMs = 10;

async function open(target: { address: string; port: number }): Promise<ClientHttp2Session> {
  const socket = await dial({ ...target, authority: '' }, connectTimeoutMs);
  socket.setNoDelay(true);
  const session = connect(`http://${dialName(target)}`, { createConnection: () => socket });
  await firstSettings(session);
  socket.setTimeout(0);
  return session;
}
