import { dialName } from '../../rpc/target.ts';
import { metadataOf, openBidi } from '../../rpc/wire.ts';
import type { Message } from '../../rpc/protos.ts';
import { describeStatus } from '../../rpc/status-names.ts';
import type { OpenStream } from '../../specs/api.ts';
import type { Call } from '../../rpc/call.ts';
import { nonceHeader } from './call-once.ts';
import { nameCall } from './calls.ts';
import { resolveTarget } from './call-target.ts';
import type { ScenarioCore } from '../core/core.ts';
import { RouteproofVerdict } from '../core/verdict.ts';

type End = { status: number; message: string };

/** Opens `routeproof.v1.Probe/BidiStream` (or the call's own bidi method), without a deadline unless the call sets one. */
export async function openStream(core: ScenarioCore, call: Call): Promise<OpenStream> {
  const target = await resolveTarget(core, call);
  const nonce = `${core.names.nonce}-${String(core.nonces.length + 1)}`;
  core.nonces.push(nonce);
  const stream = openBidi(core.channels.get(target), {
    method: core.env.protos.method(call.method ?? 'routeproof.v1.Probe/BidiStream'),
    metadata: metadataOf({ [nonceHeader]: nonce, ...call.metadata }),
    deadlineMs: call.deadlineMs ?? Number.POSITIVE_INFINITY,
  });
  const name = nameCall({ ...call, method: call.method ?? 'routeproof.v1.Probe/BidiStream' });
  const waiting: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = [];
  const unclaimed: Message[] = [];
  let isOpen = true;
  let last: End = { status: 0, message: '' };
  const ended = new Promise<End>((resolve) => {
    stream.on('status', (status: { code: number; details: string }) => {
      isOpen = false;
      const end = { status: status.code, message: status.details };
      const text = `stream ended: ${describeStatus(end.status)}${end.message === '' ? '' : ` "${end.message}"`}`;
      for (const each of waiting.splice(0)) each.reject(endedEarly(text, end));
      last = end;
      core.timeline.add({ kind: 'probe', object: name, text });
      resolve(end);
    });
  });
  stream.on('data', (message: Message) => {
    const first = waiting.shift();
    if (first === undefined) unclaimed.push(message);
    else first.resolve(message);
  });
  // The status event says it all; without a listener this one would be thrown.
  stream.on('error', () => undefined);
  core.signal.addEventListener('abort', () => stream.cancel());
  core.timeline.add({ kind: 'probe', object: name, text: `stream opened to ${dialName(target)}` });
  return {
    ended,
    get isOpen() {
      return isOpen;
    },
    echo: (text) =>
      inTime(
        core,
        'each message of a stream is answered while it is open',
        new Promise<Message>((resolve, reject) => {
          if (!isOpen) {
            reject(endedEarly('the stream has ended', last));
            return;
          }
          waiting.push({ resolve, reject });
          stream.write({ text });
        }),
      ),
    send: (message) => {
      stream.write(message);
    },
    sendLast: (message, until) =>
      inTime(
        core,
        `the ${until === 'headers' ? 'headers' : 'first message'} of an answer come while it goes on`,
        new Promise<void>((resolve, reject) => {
          waiting.push({ resolve: () => resolve(), reject });
          if (until === 'headers') stream.once('metadata', () => waiting.shift()?.resolve({}));
          stream.write(message);
          stream.end();
        }),
      ),
    stopReading: () => {
      stream.pause();
    },
    readToEnd: async () => {
      const read = new Promise<void>((resolve) => {
        stream.once('end', resolve);
      });
      stream.resume();
      await inTime(core, 'a stream ends once its caller has read all of it', read);
      return { ...(await ended), messages: unclaimed };
    },
    endOfBackend: () => inTime(core, 'a stream ends when its backend ends it', ended),
    finish: () => {
      stream.end();
      return inTime(core, 'a stream ends after its caller has finished', ended);
    },
    cancel: () => {
      stream.cancel();
      return ended;
    },
  };
}

/** Whoever holds messages back must not hold the run up: a stream has no deadline of its own. */
async function inTime<T>(core: ScenarioCore, expected: string, awaited: Promise<T>): Promise<T> {
  const { clock, limits } = core.env;
  const answered = new AbortController();
  const limit = async (): Promise<never> => {
    await clock.sleep(limits.servedMs, AbortSignal.any([answered.signal, core.signal]));
    const seen = `nothing for ${String(limits.servedMs)} ms`;
    throw new RouteproofVerdict('wrong', { layer: 'backend', expected, seen });
  };
  try {
    return await Promise.race([awaited, limit()]);
  } finally {
    answered.abort();
  }
}

/** A stream that its caller has not finished: whoever ended it, the one in the path has to answer for it. */
function endedEarly(seen: string, { status }: End): RouteproofVerdict {
  const layer = status === 14 ? 'backend' : 'trailers';
  return new RouteproofVerdict('wrong', { layer, expected: 'the stream answers and stays open', seen });
}
