import type { Server } from 'node:net';
import { RouteproofError } from '../../common/errors.ts';

export interface Running {
  readonly description: string;
  /** Bound ports, in the order given. */
  readonly ports: number[];
  shutdown(): Promise<void>;
}

/** Listens on all ports or on none. @throws RouteproofError INVALID_INPUT - a port is taken */
export async function listenAll(name: string, listeners: [Server, number][]): Promise<Running> {
  const close = (): void => {
    for (const [server] of listeners) server.close();
  };
  const bound = await Promise.all(listeners.map(([server, port]) => listen(server, port))).catch(
    (error: unknown) => {
      close();
      throw error;
    },
  );
  return {
    description: `${name} on ${bound.join(', ')}`,
    ports: bound,
    // Requests take milliseconds and keep-alive connections never end by themselves: no grace is waited for.
    shutdown: () => {
      close();
      return Promise.resolve();
    },
  };
}

/** Milliseconds of a Go duration of one unit (`250ms`, `1.5s`, `2m`); 0 for none or one that is not understood. */
export function parseDurationMs(text: string | null): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text ?? '');
  if (match === null) return 0;
  const unitMs = { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
  return Number(match[1]) * unitMs;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new RouteproofError('INVALID_INPUT', 'the port cannot be listened on', {
          object: `port ${port}`,
          seen: error.message,
          hint: 'free it or choose another',
          cause: error,
        }),
      );
    });
    server.listen(port, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
