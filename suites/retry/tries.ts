/** HTTP requests whose backend fails on request, and the tries of them that it saw (echo-server/tries.ts). */
import { NotRun, expect } from '../../harness/index.ts';
import type { RawResult, Scenario } from '../../harness/index.ts';
import { pointPortsTo } from '../endpoint-slices.ts';

const host = 'flaky.example.com';
/** What the shared echo pods serve plain HTTP on. */
export const httpPort = 9080;
/** Of one feature: what v1.7.0 calls codes was all of retries before. */
const featureNames = ['HTTPRouteRetry', 'HTTPRouteRetryCodes'];

export interface Request {
  /** Chooses the rule. */
  path: string;
  /** How the first `times` tries end. */
  first?: number | 'reset';
  times?: number;
  /** Before each answer of the backend. */
  delayMs?: number;
}

export interface Outcome {
  /** Of the answer that the client got; undefined when it got none. */
  status: number | undefined;
  /** When the backend got each try, in milliseconds of its own clock. */
  triesMs: number[];
}

/**
 * Applies a manifest of the scenario (default: the first) with the pod of v1 behind the Service `flaky`, and waits until the HTTPRoute `retried` is in force. A rule
 * of it leads /routeproof.v1.Probe to v1 itself, so that a call tells.
 *
 * @throws NotRun - the implementation claims no retries
 */
export async function retriesServed(t: Scenario, manifest?: string): Promise<void> {
  if (!featureNames.some((name) => t.supportedFeatures.has(name)))
    throw new NotRun(
      `not claimed: the implementation claims neither ${featureNames.join(' nor ')}`,
      'feature',
    );
  await pointToFlaky(t, 'flaky');
  await t.apply(manifest);
  await t.routeMustBeAccepted('retried', { kind: 'HTTPRoute' });
  await t.callMust({ host }, { backend: 'v1' });
  await toldOf(t, 'nobody');
}

/** Puts what fails on request behind a Service. */
export async function pointToFlaky(t: Scenario, service: string): Promise<void> {
  await pointPortsTo(t, service, { http: httpPort }, 'v1');
}

/** The tries of a request. A route may be served before the endpoints of all its backends are known, so this is asked until told. */
async function toldOf(t: Scenario, id: string): Promise<{ atMs: number }[]> {
  const told = await getUntil(t, `/tries?id=${id}`, 'with 200 by the backend', (status) => status === 200);
  return (JSON.parse(Buffer.from(told.body).toString()) as { tries: { atMs: number }[] }).tries;
}

/** Asks until the answer is as the gateway gives it once it knows of a change of endpoints. */
export async function untilAnswered(
  t: Scenario,
  path: string,
  how: string,
  isSo: (status: number | undefined) => boolean,
): Promise<void> {
  await getUntil(t, `${path}?id=${t.nonce}`, how, isSo);
}

let requests = 0;

/** One request, and what became of it. */
export async function ask(t: Scenario, request: Request): Promise<Outcome> {
  const { id, status } = await send(t, request);
  return outcomeOf(t, id, status);
}

/**
 * One request, and what had become of it when `later`, sent after its answer, had ended in 503 after so many tries: tries that follow an answer
 * take their time.
 */
export async function askBefore(
  t: Scenario,
  request: Request,
  later: Request,
  triesOfLater: number,
): Promise<Outcome> {
  const { id, status } = await send(t, request);
  await mustEnd(t, later, 503, triesOfLater);
  return outcomeOf(t, id, status);
}

async function send(
  t: Scenario,
  { path, ...wish }: Request,
): Promise<{ id: string; status: number | undefined }> {
  requests += 1;
  const id = `${t.nonce}-${String(requests)}`;
  const query = new URLSearchParams({ id, ...Object.fromEntries(Object.entries(wish).map(asText)) });
  const { httpStatus } = await get(t, `${path}?${query.toString()}`);
  return { id, status: httpStatus };
}

async function outcomeOf(t: Scenario, id: string, status: number | undefined): Promise<Outcome> {
  const tries = await toldOf(t, id);
  return { status, triesMs: tries.map(({ atMs }) => atMs) };
}

/** The request is answered with that status, after so many tries in all. */
export async function mustEnd(t: Scenario, request: Request, status: number, tries: number): Promise<void> {
  const { path, first = 503, times = 0 } = request;
  const outcome = await ask(t, request);
  await t.check(
    `${path}, of which ${String(times)} tries end in ${String(first)}: ${String(status)} after ${String(tries)} in all`,
    () => {
      expect(outcome.triesMs, 'tries that the backend saw').to.have.length(tries);
      expect(outcome.status, 'status').to.equal(status);
    },
    'routed',
  );
}

/** The first answer that is so. */
function getUntil(
  t: Scenario,
  path: string,
  how: string,
  isSo: (status: number | undefined) => boolean,
): Promise<RawResult> {
  return t.askUntil({
    what: `${path} is answered ${how}`,
    ask: () => get(t, path),
    isSo: ({ httpStatus }) => isSo(httpStatus),
    seen: ({ httpStatus, error = '' }) => `status ${String(httpStatus)} ${error}`.trim(),
    layer: 'backend',
  });
}

function get(t: Scenario, path: string): Promise<RawResult> {
  return t.raw({ host, path, httpMethod: 'GET' });
}

function asText([name, value]: [string, unknown]): [string, string] {
  return [name, String(value)];
}
