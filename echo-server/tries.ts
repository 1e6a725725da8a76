import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { Ledger } from './ledger.ts';

/** Of one request that a gateway may send several times. */
interface Try {
  /** When it came, in milliseconds of this process's own steady clock. */
  atMs: number;
}

/** What a request asks for in its query. */
interface Wish {
  /** Names the request: all its tries have it. */
  id: string;
  /** How the first `times` tries end: a status, or a connection that is reset. */
  first: number | 'reset';
  times: number;
  /** Before each answer. */
  delayMs: number;
}

/**
 * Plain HTTP/1.1, for what HTTPRoutes do to a request that fails. `/any/path?id=ID&first=503&times=2&delayMs=100` fails in its first two
 * tries and then succeeds; `/tries?id=ID` only tells which tries came. Every answer but a reset holds that list as JSON.
 */
export function triesServer(pod: string): Server {
  const ledger = new Ledger<Try>();
  return createServer((request, response) => {
    void answer(request, response, { pod, ledger });
  });
}

interface Backend {
  pod: string;
  ledger: Ledger<Try>;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { pod, ledger }: Backend,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://echo');
  const wish = wishOf(url.searchParams);
  if (typeof wish === 'string') {
    end(response, 400, { error: wish });
    return;
  }
  const { id, first, times, delayMs } = wish;
  const isTold = url.pathname === '/tries';
  if (!isTold) ledger.record(id, { atMs: performance.now() });
  const tries = [...ledger.seen(id)];
  if (delayMs > 0) await setTimeout(delayMs);
  const fails = !isTold && tries.length <= times;
  if (fails && first === 'reset') request.socket.resetAndDestroy();
  else end(response, fails ? Number(first) : 200, { pod, tries });
}

/** A message where it cannot be read. */
function wishOf(query: URLSearchParams): Wish | string {
  const id = query.get('id') ?? '';
  const first = query.get('first') ?? '503';
  const [times, delayMs] = ['times', 'delayMs'].map((name) => query.get(name) ?? '0');
  if (id === '') return 'id is missing';
  if (!/^([45]\d\d|reset)$/.test(first)) return `first is ${first}, not a status of 400 to 599 or reset`;
  if (!/^\d{1,6}$/.test(times ?? '')) return `times is ${times ?? ''}, not a whole number`;
  if (!/^\d{1,5}$/.test(delayMs ?? '')) return `delayMs is ${delayMs ?? ''}, not whole milliseconds`;
  return {
    id,
    first: first === 'reset' ? first : Number(first),
    times: Number(times),
    delayMs: Number(delayMs),
  };
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
