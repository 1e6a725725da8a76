/**
 * What a script needs that runs in several pods at once, each with its share of the calls: a common start, and results that go through the
 * pod's log and can be put together.
 */
import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';
import { Gauge } from 'k6/metrics';
import { tellFailures, type BlockOptions } from './blocks.k6.ts';

interface Summary {
  metrics: Record<string, { values: Record<string, number> } | undefined>;
}

/** Of k6; its types have none. */
declare const console: { log: (line: string) => void; error: (line: string) => void };

/** When a block's first and last call began, in Unix milliseconds. */
const beganMs = new Gauge('routeproof_began');
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
const token = open(`${serviceAccount}/token`);
const namespace = open(`${serviceAccount}/namespace`);
const pollSeconds = 0.2;
/** As harness/existing/runner/delivery.ts puts them together: no container runtime splits such a line. */
const pieceLength = 4000;

/**
 * Of each block's latencies, in percent: every tenth of one, and finer towards the tail. k6 keeps all samples and these are exact; from them
 * the distribution is built again, which percentiles alone do not allow.
 */
const quantiles = [
  ...Array.from({ length: 990 }, (_, n) => n / 10),
  ...Array.from({ length: 90 }, (_, n) => (9_900 + n) / 100),
  ...Array.from({ length: 90 }, (_, n) => (99_900 + n) / 1_000),
  ...Array.from({ length: 101 }, (_, n) => (999_900 + n) / 10_000),
];

const perBlock = [
  'grpc_req_duration',
  'iterations',
  'dropped_iterations',
  'routeproof_failed_calls',
  'routeproof_began',
];

/**
 * The options of a script that runs alone, for one of several pods. In an indexed Job its share follows from the index; others say it
 * with k6's own options. k6's image is left as it is: arithmetic on the index would take a shell.
 */
export function podOptions(alone: BlockOptions): object {
  const blocks = Object.keys(alone.scenarios).filter((name) => name !== 'warmup');
  return {
    ...alone,
    ...segment(),
    // As long as it takes until the last pod runs.
    setupTimeout: '1h',
    summaryTrendStats: ['count', ...quantiles.map((percent) => `p(${percent})`)],
    // Without a limit: k6 counts only what has a threshold block by block, and one that is crossed would fail the pod.
    thresholds: Object.fromEntries(
      blocks.flatMap((block) => perBlock.map((metric) => [`${metric}{scenario:${block}}`, []])),
    ),
  };
}

function segment(): object {
  const index = __ENV['JOB_COMPLETION_INDEX'];
  const of = Number(__ENV['GENERATORS']);
  if (index === undefined || of === 1) return {};
  const bounds = Array.from({ length: of + 1 }, (_, n) => (n === 0 ? '0' : n === of ? '1' : `${n}/${of}`));
  return {
    executionSegment: `${bounds[Number(index)]}:${bounds[Number(index) + 1]}`,
    executionSegmentSequence: bounds.join(','),
  };
}

/**
 * k6's setup(): says that it waits, and waits until the common start is known and has come. k6 counts the start of its scenarios from the end
 * of setup(), so that blocks of all pods begin within their nodes' clocks and a few milliseconds. A ConfigMap that is
 * asked for tells it, not a time that is given beforehand, which image pulls would overrun, and not k6's own pause: the operator
 * resumes pods one after the other, and a block is as short as a second.
 */
export function waitForStart(): void {
  console.log('routeproof-waiting');
  for (;;) {
    const startMs = commonStart();
    if (startMs !== undefined) {
      sleep(Math.max(0, startMs - Date.now()) / 1000);
      return;
    }
    sleep(pollSeconds);
  }
}

/** The token may read this one ConfigMap and nothing else: it is no loss that the server's certificate is not verified. */
function commonStart(): number | undefined {
  const host = __ENV['KUBERNETES_SERVICE_HOST'] ?? '';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${__ENV['KUBERNETES_SERVICE_PORT']}`;
  const url = `${server}/api/v1/namespaces/${namespace}/configmaps/${__ENV['START']}`;
  const response = http.get(url, { headers: { authorization: `Bearer ${token}` }, timeout: '5s' });
  if (response.status !== 200) return undefined;
  const { data } = response.json() as { data?: { startMs?: string } };
  return data?.startMs === undefined ? undefined : Number(data.startMs);
}

/** To be called as each call begins. */
export function began(): void {
  beganMs.add(Date.now());
}

const told = new Set<string>();

// The first failure of each virtual user in a block: all of them would be a flood just when something is wrong.
tellFailures((reason) => {
  const block = exec.scenario.name;
  if (told.has(block)) return;
  told.add(block);
  console.error(`routeproof-failure ${JSON.stringify({ block, reason })}`);
});

/** k6's handleSummary(): the results of this pod, in lines of its log. */
export function deliver({ metrics }: Summary): { stdout: string } {
  const names = Object.keys(metrics).flatMap((name) => /^iterations\{scenario:(.+)\}$/.exec(name)?.[1] ?? []);
  const result = JSON.stringify({ quantiles, blocks: names.map((name) => blockOf(name, metrics)) });
  const pieces = result.match(new RegExp(`.{1,${pieceLength}}`, 'g')) ?? [];
  const lines = pieces.map((piece) => `routeproof-result ${piece}`);
  return { stdout: `\n${[...lines, `routeproof-result-end ${pieces.length}`].join('\n')}\n` };
}

function blockOf(name: string, metrics: Summary['metrics']): object {
  const of = (metric: string): Record<string, number> => metrics[`${metric}{scenario:${name}}`]?.values ?? {};
  const latencies = of('grpc_req_duration');
  const at = of('routeproof_began');
  return {
    name,
    requests: of('iterations')['count'] ?? 0,
    droppedIterations: of('dropped_iterations')['count'] ?? 0,
    failed: of('routeproof_failed_calls')['count'] ?? 0,
    firstMs: at['min'] ?? 0,
    lastMs: at['max'] ?? 0,
    latencies: latencies['count'] ?? 0,
    // To a microsecond, each as its difference to the one before: two characters instead of five.
    stepsUs: steps(quantiles.map((percent) => Math.round((latencies[`p(${percent})`] ?? 0) * 1000))),
  };
}

function steps(values: number[]): number[] {
  return values.map((value, index) => value - (index === 0 ? 0 : (values[index - 1] ?? 0)));
}
