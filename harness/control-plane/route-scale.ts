import type { ControlPlaneFigure } from '../results/control-plane.ts';
import type { Connections } from './connections.ts';
import { figureOf } from './figure.ts';
import { grpcCall } from './grpc-call.ts';
import { growTo } from './grow.ts';
import { hostOf, openConnections, type Lab } from './lab.ts';
import { patchRoute } from './patch-route.ts';
import { controllerPods, PodCost, proxyPods } from '../proxies/pods.ts';
import { probePath, rulesOf } from './routes.ts';
import type { Length, Subject } from './subject.ts';
import { untilServed } from './until-served.ts';

const amounts: Record<Length, { sizes: number[]; changes: number; namespaces: number }> = {
  quick: { sizes: [100, 500], changes: 50, namespaces: 10 },
  long: { sizes: [100, 1_000, 2_500, 5_000], changes: 100, namespaces: 50 },
};
const acceptedLimitMs = 300_000;
/** Ten changes a second, each alone. */
const changeEveryMs = 100;
/**
 * Changes are measured in as many rounds: each is a sample of what a change costs, so that two runs can be compared with an interval. Ten
 * have one of Student's t with 9 degrees of freedom; more would leave too few changes in each for a pause of the garbage collector.
 */
const rounds = 10;
/** What was written last has settled: statuses, endpoints, garbage. */
const settleMs = 3_000;

/** More and more routes over many namespaces: what the controller and the proxy need, and what one change costs them. */
export const routeScale: Subject = {
  name: 'route-scale',
  title: 'Routes over many namespaces, growing: CPU, memory and bytes sent to the proxy',
  seconds: { quick: 30, long: 140 },
  async measure(lab, { length, sizes: given }) {
    const { sizes, changes, namespaces } = amounts[length];
    const spread = await lab.spread(namespaces);
    const { figures } = lab;
    let written = 0;
    for (const size of given ?? sizes) {
      lab.progress(`route-scale: ${size} routes over ${namespaces} namespaces`);
      await growTo(spread, written, size, acceptedLimitMs);
      written = size;
      await lab.env.clock.sleep(settleMs, lab.signal);
      // Not before there are routes: a Gateway may be Programmed before all that runs for it has started.
      const controller = PodCost.of(await controllerPods(lab));
      const proxy = PodCost.of(await proxyPods(lab));
      if (controller === undefined || proxy === undefined) return notSeen(lab, controller, proxy);
      figures.push(...(await measureSize(spread, { controller, proxy }, size, changes)));
    }
    return { figures };
  },
};

interface Costs {
  controller: PodCost;
  proxy: PodCost;
}

function notSeen({ figures }: Lab, controller: PodCost | undefined, proxy: PodCost | undefined) {
  const who = [
    ...(controller === undefined ? ['controller'] : []),
    ...(proxy === undefined ? ['proxy'] : []),
  ];
  const why = `the processes of the ${who.join(' and the ')} cannot be seen from here; on the local cluster they can`;
  return { figures, notMeasured: [{ what: 'CPU, memory and bytes', why }] };
}

/**
 * What the same time without a change costs is taken away: what is left is the changes'. A round ends when its last change is served: what an
 * implementation puts off is its cost as well. The call that sees it is one of as many in the time without changes; only those that come too
 * early, ten a second, are not.
 */
async function measureSize(
  lab: Lab,
  costs: Costs,
  size: number,
  changes: number,
): Promise<ControlPlaneFigure[]> {
  const lengthMs = changes * changeEveryMs;
  const connections = await openConnections(lab, 1);
  const busy: Spent[] = [];
  let idle: Spent;
  try {
    idle = await spent(costs, () => callSteadily(lab, connections, lengthMs));
    for (let round = 0; round < rounds; round++) {
      const count = changes / rounds;
      busy.push(
        await spent(costs, () => changeSteadily(lab, connections, size, { first: round * count, count })),
      );
    }
  } finally {
    connections.close();
  }
  const at = { size, sizeOf: 'routes' as const };
  const perChange = { ...at, averages: true };
  const each = (key: Exclude<keyof Spent, 'tookMs'>): number[] =>
    busy.map(
      (round) => Math.max(0, round[key] - (idle[key] * round.tookMs) / idle.tookMs) / (changes / rounds),
    );
  return [
    figureOf({
      name: 'controllerCpuPerChangeMs',
      title: 'CPU time of the controller for one change',
      unit: 'ms',
      ...perChange,
      samples: each('controllerMs'),
    }),
    figureOf({
      name: 'proxyCpuPerChangeMs',
      title: 'CPU time of the proxy for one change',
      unit: 'ms',
      ...perChange,
      samples: each('proxyMs'),
    }),
    figureOf({
      name: 'bytesToProxyPerChange',
      title: 'Sent to the proxy for one change',
      unit: 'bytes',
      ...perChange,
      samples: each('bytes'),
    }),
    figureOf({
      name: 'controllerMemoryBytes',
      title: 'Memory of the controller',
      unit: 'bytes',
      ...at,
      samples: [costs.controller.memoryBytes()],
    }),
    figureOf({
      name: 'proxyMemoryBytes',
      title: 'Memory of the proxy',
      unit: 'bytes',
      ...at,
      samples: [costs.proxy.memoryBytes()],
    }),
    figureOf({
      name: 'controllerIdlePercent',
      title: 'CPU of the idle controller, of one core',
      unit: 'percent',
      ...at,
      samples: [(100 * idle.controllerMs) / idle.tookMs],
    }),
  ];
}

interface Spent {
  tookMs: number;
  controllerMs: number;
  proxyMs: number;
  bytes: number;
}

async function spent({ controller, proxy }: Costs, body: () => Promise<void>): Promise<Spent> {
  const startedMs = performance.now();
  const now = (): Omit<Spent, 'tookMs'> => ({
    controllerMs: controller.cpuMs(),
    proxyMs: proxy.cpuMs(),
    bytes: proxy.receivedBytes(),
  });
  const before = now();
  await body();
  const after = now();
  return {
    tookMs: performance.now() - startedMs,
    controllerMs: after.controllerMs - before.controllerMs,
    proxyMs: after.proxyMs - before.proxyMs,
    bytes: after.bytes - before.bytes,
  };
}

/** As many calls as rounds. */
async function callSteadily(lab: Lab, connections: Connections, lengthMs: number): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await lab.env.clock.sleep(lengthMs / rounds, lab.signal);
    const session = connections.next();
    if (session !== undefined) await grpcCall(session, { authority: hostOf(lab, 0), path: probePath });
  }
}

async function changeSteadily(
  lab: Lab,
  connections: Connections,
  size: number,
  { first, count }: { first: number; count: number },
): Promise<void> {
  for (let n = first; n < first + count; n++) {
    const startedMs = lab.env.clock.now();
    const index = Math.floor(Math.random() * size);
    const mark = `scale-${size}-${n}-end`;
    await patchRoute({ env: lab.env, namespace: lab.placeOf(index) }, index, { rules: rulesOf({ mark }) });
    await lab.env.clock.sleep(Math.max(0, changeEveryMs - (lab.env.clock.now() - startedMs)), lab.signal);
    // Each call is the proxy's CPU too, about 0.05 ms.
    if (n === first + count - 1)
      await untilServed(lab, index, { holding: mark, connections, intervalMs: 100 });
  }
}
