import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { figureOf } from './figure.ts';
import { growTo } from './grow.ts';
import { gatewayPort, hostOf, openConnections, routeOf, type Lab } from './lab.ts';
import { lostCalls } from './lost-calls.ts';
import { controllerPods, PodCost, proxyPods, type Pod } from './pods.ts';
import { Probe } from './probe.ts';
import { probePath } from './routes.ts';
import { SteadyCalls } from './steady-calls.ts';
import type { Length, Subject } from './subject.ts';

const amounts: Record<Length, { sizes: number[]; times: number }> = {
  quick: { sizes: [100], times: 1 },
  long: { sizes: [1_000, 10_000], times: 3 },
};
const intervalMs = 5;
const acceptedLimitMs = 300_000;
const fullServiceLimitMs = 90_000;
/** Calls go on that long after full service: what is lost late is lost as well. */
const afterwardsMs = 2_000;

/** Controller and proxy replaced under calls: what is lost, and how long it takes until a new route is served again. */
export const restart: Subject = {
  name: 'restart',
  title: 'Controller and proxy restarted under load: calls lost, time to full service',
  seconds: { quick: 30, long: 180 },
  async measure(lab, { length, sizes = amounts[length].sizes }) {
    const { times } = amounts[length];
    const figures: ControlPlaneFigure[] = [];
    const notMeasured = [
      { what: 'API server', why: 'no provider of this version can restart its API server' },
    ];
    let written = 0;
    for (const size of sizes) {
      lab.progress(`restart: ${size} routes`);
      await growTo(lab, written, size, acceptedLimitMs);
      written = size;
      for (const [who, pods] of [
        ['controller', controllerPods],
        ['proxy', proxyPods],
      ] as const) {
        const found = await pods(lab);
        if (found.length === 0) notMeasured.push({ what: who, why: 'none of its pods was found' });
        else figures.push(...(await restarted(lab, { who, size, pods: () => pods(lab) }, times)));
      }
    }
    return { figures, notMeasured };
  },
};

interface Restarted {
  who: 'controller' | 'proxy';
  pods: () => Promise<Pod[]>;
  /** How many routes there are. */
  size: number;
}

async function restarted(
  lab: Lab,
  { who, pods, size }: Restarted,
  times: number,
): Promise<ControlPlaneFigure[]> {
  const calls = new SteadyCalls({
    address: lab.address,
    port: gatewayPort,
    authority: hostOf(lab, 0),
    intervalMs,
  });
  const fullService: number[] = [];
  const lastLoss: number[] = [];
  const memory: number[] = [];
  try {
    await lab.env.clock.sleep(500, lab.signal);
    for (let n = 0; n < times; n++) {
      const startedMs = performance.now();
      await deleteAll(lab, await pods());
      const servedMs = await newRouteServed(lab, `${who}-${size}-${n}`);
      await lab.env.clock.sleep(afterwardsMs, lab.signal);
      const lastLossMs = Math.max(startedMs, calls.lastLossMs ?? startedMs);
      // A proxy on its way out may still serve what is new: as long as calls are lost the service is not full.
      fullService.push(Math.max(servedMs, lastLossMs) - startedMs);
      lastLoss.push(lastLossMs - startedMs);
      memory.push(...memoryOf(await pods()));
    }
  } finally {
    await calls.stop();
  }
  const at = { size, sizeOf: 'routes' as const };
  return [
    figureOf({
      name: `${who}FullServiceMs`,
      title: `The ${who} deleted, until a new route is served and no call is lost`,
      unit: 'ms',
      ...at,
      samples: fullService,
    }),
    figureOf({
      name: `${who}LastLossMs`,
      title: `The ${who} deleted, until the last lost call`,
      unit: 'ms',
      ...at,
      samples: lastLoss,
    }),
    ...(memory.length === 0
      ? []
      : [
          figureOf({
            name: `${who}MemoryAfterStartBytes`,
            title: `Memory of the ${who} ${afterwardsMs / 1000} s after full service`,
            unit: 'bytes',
            ...at,
            samples: memory,
          }),
        ]),
    ...lostCalls(who, `while the ${who} was restarted`, [calls], at),
  ];
}

/** Nothing where its processes cannot be seen from here. */
function memoryOf(pods: readonly Pod[]): number[] {
  const cost = PodCost.of(pods);
  return cost === undefined ? [] : [cost.memoryBytes()];
}

async function deleteAll({ env }: Lab, pods: readonly Pod[]): Promise<void> {
  const info = await env.kube.kindInfo('Pod');
  await Promise.all(
    pods.map(({ metadata }) => env.kube.delete(info, metadata?.namespace, metadata?.name ?? '')),
  );
}

async function newRouteServed(lab: Lab, name: string): Promise<number> {
  await lab.env.kube.create(routeOf(lab, name));
  const connections = await openConnections(lab, 2);
  try {
    const served = await new Probe().until({
      connections,
      target: { authority: hostOf(lab, name), path: probePath },
      shows: ({ status }) => status === 0,
      limitMs: fullServiceLimitMs,
      signal: lab.signal,
    });
    if (served === undefined)
      throw new Error(`a new route was not served ${fullServiceLimitMs / 1000} s after the restart`);
    return served.atMs;
  } finally {
    connections.close();
  }
}
