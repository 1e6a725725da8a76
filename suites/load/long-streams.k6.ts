/**
 * Streams that stay open for the whole run, on every side at once, with a message five times a second that is answered. The latency is the
 * message's round trip. What else happens meanwhile (routes that change) is done by routeproof.
 * By hand: k6 run -e GATEWAY=host:port -e RATE=50 -e BLOCKS=6 -e BLOCK_SECONDS=10 [-e AUTHORITY=name] suites/load/long-streams.k6.ts
 */
import { setInterval, setTimeout, clearInterval, clearTimeout } from 'k6/timers';
import { Trend } from 'k6/metrics';
import { Stream } from 'k6/net/grpc';
import {
  Clients,
  currentLegs,
  fail,
  legs,
  messageOf,
  nowMs,
  openSeconds,
  type Leg,
} from './shared/blocks.k6.ts';

const messageEveryMs = 200;
/** A stream that does not end within that time of its caller's end hangs. */
const endWithinMs = 5_000;

export const options = {
  scenarios: Object.fromEntries(
    legs.map((leg, index) => [
      `${leg.side}_0`,
      {
        executor: 'per-vu-iterations',
        exec: 'hold',
        env: { LEG: String(index) },
        vus: Math.max(1, Math.round((leg.rateRps * messageEveryMs) / 1000)),
        iterations: 1,
        maxDuration: `${openSeconds + 10}s`,
      },
    ]),
  ),
  systemTags: ['scenario'],
  thresholds: Object.fromEntries(
    legs.map(({ side }) => [`routeproof_failed_calls{scenario:${side}_0}`, ['count==0']]),
  ),
};

const clients = new Clients('routeproof.proto');
const latency = new Trend('routeproof_latency', true);

export function hold(): void {
  for (const leg of currentLegs()) {
    try {
      open(leg);
    } catch (error) {
      fail(String(error));
    }
  }
}

function open(leg: Leg): void {
  const stream = new Stream(clients.of(leg), 'routeproof.v1.Probe/BidiStream');
  const endMs = nowMs() + openSeconds * 1000;
  const sentMs: number[] = [];
  let over = false;
  let broken = false;
  const timer = setInterval(() => {
    over = nowMs() >= endMs;
    if (over || broken) {
      clearInterval(timer);
      if (!broken) finish();
      return;
    }
    sentMs.push(nowMs());
    stream.write({ text: 'm' });
  }, messageEveryMs);
  stream.on('data', () => {
    latency.add(nowMs() - (sentMs.shift() ?? NaN));
  });
  const breaks = (why: string): void => {
    if (broken) return;
    broken = true;
    fail(why);
  };
  let hanging: number | undefined;
  const finish = (): void => {
    stream.end();
    hanging = setTimeout(() => breaks(`no end ${endWithinMs} ms after the caller's`), endWithinMs);
  };
  stream.on('error', (error) => breaks(`stream: ${messageOf(error)}`));
  stream.on('end', () => {
    if (hanging !== undefined) clearTimeout(hanging);
    if (!over) breaks('the stream ended early');
    else if (sentMs.length > 0) breaks(`${sentMs.length} messages were not answered`);
  });
}
