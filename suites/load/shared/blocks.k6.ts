/**
 * What all load scripts share: the legs that are measured (one way to the backend, in one case), in interleaved blocks at an open
 * arrival rate. routeproof gives them as JSON in LEGS; by hand DIRECT, FLOOR and GATEWAY (host:port) with CASE and RATE do.
 */
import exec from 'k6/execution';
import { Counter } from 'k6/metrics';
import { Client } from 'k6/net/grpc';

export interface Leg {
  side: string;
  case: string;
  rateRps: number;
  /** host:port */
  target: string;
  authority?: string;
  tls?: boolean;
  metadata?: Record<string, string>;
}

const rateRps = numberOf('RATE', 300);
const blocks = numberOf('BLOCKS', 3);
const blockSeconds = numberOf('BLOCK_SECONDS', 2);
const warmupSeconds = numberOf('WARMUP_SECONDS', 1);
/** Processes of k6 that each run a share of all this, as execution segments. */
const generators = numberOf('GENERATORS', 1);

/** How long all blocks of a leg take, and the warm-up. */
export const openSeconds = blocks * blockSeconds + warmupSeconds;

export const legs: Leg[] = readLegs();

/** Between two blocks, so that the calls of one are over before the next begins and the same VUs run both. */
const gapSeconds = 0.25;
/** Each has clients and a JavaScript engine of its own. */
const mostVus = 200 * generators;
const leastVus = 10 * generators;
const failedCalls = new Counter('routeproof_failed_calls');
let onFailure: ((reason: string) => void) | undefined;

export interface BlockOptions {
  scenarios: Record<string, object>;
  systemTags: string[];
  summaryTrendStats: string[];
  thresholds: Record<string, string[]>;
  insecureSkipTLSVerify: boolean;
}

/** Warm-up and blocks run `exec`, an exported function of the script, once an arrival. */
export function blockOptions(exec: string): BlockOptions {
  const scenarios = timeline(exec);
  return {
    scenarios,
    // Only these; each further tag costs generator CPU on every sample.
    systemTags: ['scenario'],
    summaryTrendStats: ['min', 'med', 'p(90)', 'p(99)', 'p(99.9)', 'max'],
    thresholds: thresholds(Object.keys(scenarios)),
    insecureSkipTLSVerify: true,
  };
}

/** The legs of this iteration: one in a block, all of one case in the warm-up. */
export function currentLegs(): Leg[] {
  const index = __ENV['LEG'] ?? '';
  if (index !== '') return legs.slice(Number(index), Number(index) + 1);
  const cases = [...new Set(legs.map((leg) => leg.case))];
  const wanted = cases[exec.scenario.iterationInTest % cases.length];
  return legs.filter((leg) => leg.case === wanted);
}

/** Milliseconds on a clock with fractions, which k6's Date has not. */
export function nowMs(): number {
  return exec.instance.currentTestRunDuration;
}

/** Any failed call makes the run not valid. */
export function fail(reason: string): void {
  const told = reason.slice(0, 200);
  failedCalls.add(1, { reason: told });
  onFailure?.(told);
}

/** Where k6's samples are not kept, their tags are lost, and the reasons with them. */
export function tellFailures(tell: (reason: string) => void): void {
  onFailure = tell;
}

/** k6 declares the error as any object; of gRPC it has a message. */
export function messageOf(error: object | undefined): string {
  return error !== undefined && 'message' in error ? String(error.message) : '';
}

/** Clients of a VU, one for each target and authority, whatever the number of legs that use it. */
export class Clients {
  readonly #byKey = new Map<string, Client>();
  readonly #connected = new Set<string>();

  /** To be made outside of functions: k6 reads protos only there. */
  constructor(protoFile: string) {
    for (const leg of legs) {
      if (this.#byKey.has(keyOf(leg))) continue;
      const client = new Client();
      client.load(['../../echo-server/proto'], protoFile);
      this.#byKey.set(keyOf(leg), client);
    }
  }

  /** Connected; the connection is opened once per VU, in the warm-up, and is not counted as latency. */
  of(leg: Leg): Client {
    const client = this.#byKey.get(keyOf(leg));
    if (client === undefined) throw new Error(`no client for ${leg.target}`);
    if (!this.#connected.has(keyOf(leg))) this.connect(leg);
    return client;
  }

  connect(leg: Leg): void {
    const named = leg.authority === undefined ? {} : { authority: leg.authority };
    this.#byKey
      .get(keyOf(leg))
      ?.connect(leg.target, { plaintext: leg.tls !== true, timeout: '5s', ...named });
    this.#connected.add(keyOf(leg));
  }

  close(leg: Leg): void {
    this.#byKey.get(keyOf(leg))?.close();
    this.#connected.delete(keyOf(leg));
  }
}

function keyOf({ target, authority = '', tls = false }: Leg): string {
  return `${target} ${authority} ${tls}`;
}

/** The warm-up, then block by block every leg; the order turns from block to block, so that none always follows the same one. */
function timeline(execName: string): Record<string, object> {
  const scenarios: Record<string, object> = {};
  let startSeconds = 0;
  const add = (name: string, leg: string, rate: number, seconds: number): void => {
    // Enough VUs, one call each at a time, to ride out a stall of 200 ms without dropping an iteration.
    const vus = Math.min(mostVus, Math.max(leastVus, Math.ceil(rate * 0.2)));
    scenarios[name] = {
      executor: 'constant-arrival-rate',
      exec: execName,
      env: { LEG: leg },
      rate: Math.max(1, Math.round(rate)),
      timeUnit: '1s',
      duration: `${seconds}s`,
      startTime: `${startSeconds}s`,
      gracefulStop: `${gapSeconds}s`,
      preAllocatedVUs: vus,
      maxVUs: vus,
    };
    startSeconds += seconds + gapSeconds;
  };
  add('warmup', '', warmupRate(), warmupSeconds);
  for (let block = 0; block < blocks; block += 1) {
    for (let n = 0; n < legs.length; n += 1) {
      const index = (n + block) % legs.length;
      const leg = legs[index];
      if (leg === undefined) continue;
      const name = leg.case === '' ? leg.side : `${leg.side}_${leg.case}`;
      add(`${name}_${block}`, String(index), leg.rateRps, blockSeconds);
    }
  }
  return scenarios;
}

/** Each iteration of the warm-up calls every side: together they come to the rate at which one is measured. */
function warmupRate(): number {
  const perCall = legs.reduce((sum, leg) => sum + 1 / leg.rateRps, 0) / legs.length;
  const sides = new Set(legs.map(({ side }) => side)).size;
  return 1 / perCall / sides;
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

function readLegs(): Leg[] {
  const given = __ENV['LEGS'] ?? '';
  if (given !== '') return JSON.parse(given) as Leg[];
  const authority = __ENV['AUTHORITY'] ?? '';
  const byHand = ['direct', 'floor', 'gateway'].flatMap((side): Leg[] => {
    const target = __ENV[side.toUpperCase()] ?? '';
    if (target === '') return [];
    const named = authority === '' ? {} : { authority };
    return [{ side, case: __ENV['CASE'] ?? '', rateRps, target, tls: __ENV['TLS'] === 'true', ...named }];
  });
  if (byHand.length === 0) exec.test.abort('give DIRECT, FLOOR or GATEWAY with -e GATEWAY=host:port');
  return byHand;
}

function numberOf(name: string, otherwise: number): number {
  const text = __ENV[name] ?? '';
  const value = text === '' ? otherwise : Number(text);
  if (!(value > 0)) exec.test.abort(`${name} is "${text}", not a number above 0`);
  return value;
}
