/**
 * Latency of unary calls at an open arrival rate: the same backend, straight and through the gateway, in alternating blocks.
 * By hand: k6 run -e DIRECT=host:port -e GATEWAY=host:port [-e AUTHORITY=name] [-e RATE=300] suites/load/unary-latency.k6.ts
 */
import exec from 'k6/execution';
import { Client, StatusOK } from 'k6/net/grpc';
import { Counter } from 'k6/metrics';

const targets = { direct: required('DIRECT'), gateway: required('GATEWAY') };
type Variant = keyof typeof targets;
const authority = __ENV.AUTHORITY ?? '';
const rateRps = numberOf('RATE', 300);
const blocks = numberOf('BLOCKS', 3);
const blockSeconds = numberOf('BLOCK_SECONDS', 2);
const warmupSeconds = numberOf('WARMUP_SECONDS', 1);

/** Between two blocks, so that the calls of one are over before the next begins and the same VUs run both. */
const gapSeconds = 0.25;
/** Enough VUs, one call each at a time, to ride out a stall of 200 ms without dropping an iteration. */
const vus = Math.max(10, Math.ceil(rateRps * 0.2));

const failedCalls = new Counter('routeproof_failed_calls');

const scenarios = timeline();

export const options = {
  scenarios,
  // Only these; each further tag costs generator CPU on every sample.
  systemTags: ['scenario'],
  summaryTrendStats: ['min', 'med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
  thresholds: thresholds(Object.keys(scenarios)),
};

const client = { direct: newClient(), gateway: newClient() };
const isConnected = { direct: false, gateway: false };

export function direct(): void {
  call('direct');
}

export function gateway(): void {
  call('gateway');
}

/** Both at once, by every VU that will measure either: its connections are open, and caches and compilers warm, when it counts. */
export function warmup(): void {
  call('direct');
  call('gateway');
}

/** One unary call. The connection is opened once per VU, in the warm-up, and k6 does not count it as latency. */
function call(variant: Variant): void {
  try {
    if (!isConnected[variant]) connect(variant);
    const response = client[variant].invoke('echo.Echo/Echo', { text: 'latency' }, { timeout: '5s' });
    if (response.status !== StatusOK) fail(`status ${response.status}: ${messageOf(response.error)}`);
  } catch (error) {
    fail(String(error));
  }
}

/** k6 declares the error as any object; of gRPC it has a message. */
function messageOf(error: object | undefined): string {
  return error !== undefined && 'message' in error ? String(error.message) : '';
}

function connect(variant: Variant): void {
  const named = authority === '' ? {} : { authority };
  client[variant].connect(targets[variant], { plaintext: true, timeout: '5s', ...named });
  isConnected[variant] = true;
}

function fail(reason: string): void {
  failedCalls.add(1, { reason: reason.slice(0, 200) });
}

function newClient(): Client {
  const created = new Client();
  created.load(['../../echo-server/proto'], 'echo.proto');
  return created;
}

/** The warm-up, then direct, gateway, direct, gateway, ... */
function timeline(): Record<string, object> {
  const scenarios: Record<string, object> = {};
  let startSeconds = 0;
  const add = (name: string, exec: Variant | 'warmup', seconds: number): void => {
    scenarios[name] = {
      executor: 'constant-arrival-rate',
      exec,
      rate: rateRps,
      timeUnit: '1s',
      duration: `${seconds}s`,
      startTime: `${startSeconds}s`,
      gracefulStop: `${gapSeconds}s`,
      preAllocatedVUs: vus,
      maxVUs: vus,
    };
    startSeconds += seconds + gapSeconds;
  };
  add('warmup', 'warmup', warmupSeconds);
  for (let block = 0; block < blocks; block += 1) {
    for (const variant of ['direct', 'gateway'] as const) add(`${variant}_${block}`, variant, blockSeconds);
  }
  return scenarios;
}

/** Any failed call or dropped iteration of a measured block fails the run; the warm-up may stumble. */
function thresholds(names: string[]): Record<string, string[]> {
  const limits: Record<string, string[]> = {};
  for (const name of names.filter((each) => each !== 'warmup')) {
    limits[`routeproof_failed_calls{scenario:${name}}`] = ['count==0'];
    limits[`dropped_iterations{scenario:${name}}`] = ['count==0'];
  }
  return limits;
}

function required(name: string): string {
  const value = __ENV[name] ?? '';
  if (value === '') exec.test.abort(`give ${name} with -e ${name}=host:port`);
  return value;
}

function numberOf(name: string, otherwise: number): number {
  const text = __ENV[name] ?? '';
  const value = text === '' ? otherwise : Number(text);
  if (!(value > 0)) exec.test.abort(`${name} is "${text}", not a number above 0`);
  return value;
}
