import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { apiServerOf, type ApiServer } from './api-server.ts';
import { figureOf } from './figure.ts';
import { growTo } from './grow.ts';
import { gatewayPort, hostOf, routeOf, type Lab } from './lab.ts';
import { lostCalls } from './lost-calls.ts';
import { controllerPods, PodCost, proxyPods, type Pod } from '../proxies/pods.ts';
import { SteadyCalls } from './steady-calls.ts';
import type { Length, Subject } from './subject.ts';
import { untilServed } from './until-served.ts';

const amounts: Record<Length, { sizes: number[]; times: number }> = {
  quick: { sizes: [100], times: 1 },
  long: { sizes: [1_000, 10_000], times: 3 },
};
const intervalMs = 5;
const acceptedLimitMs = 300_000;
const fullServiceLimitMs = 90_000;
/** Calls go on that long after full service: what is lost late is lost as well. */
const afterwardsMs = 2_000;

/** Controller, proxy and API server replaced under calls: what is lost, and how long it takes until a new route is served again. */
export const restart: Subject = {
  name: 'restart',
  title: 'Controller, proxy and API server restarted under load: calls lost, time to full service',
  seconds: { quick: 40, long: 260 },
  async measure(lab, { length, sizes = amounts[length].sizes }) {
    const { times } = amounts[length];
    const { figures } = lab;
    const notMeasured: { what: string; why: string }[] = [];
    const apiServer = await apiServerOf(lab.env);
    if (typeof apiServer === 'string') notMeasured.push({ what: 'API server', why: apiServer });
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
        else
          figures.push(...(await restarted(lab, ofPods(lab, { who, size, pods: () => pods(lab) }), times)));
      }
      if (typeof apiServer !== 'string')
        figures.push(...(await restarted(lab, ofApiServer(lab, size, apiServer), times)));
    }
    return { figures, notMeasured };
  },
};

interface Restarted {
  /** What its figures' names begin with. */
  who: 'controller' | 'proxy' | 'apiServer';
  title: string;
  /** How many routes there are. */
  size: number;
  /** Resolves when it has begun, or when what was ended is there again where writes need it. */
  end: () => Promise<void>;
  /** Resident memory in bytes; nothing where its processes cannot be seen from here. */
  memory: () => Promise<number[]>;
}

function ofPods(
  lab: Lab,
  { who, size, pods }: { who: 'controller' | 'proxy'; size: number; pods: () => Promise<Pod[]> },
): Restarted {
  return {
    who,
    title: who,
    size,
    end: async () => deleteAll(lab, await pods()),
    memory: async () => memoryOf(await pods()),
  };
}

function ofApiServer(lab: Lab, size: number, apiServer: ApiServer): Restarted {
  return {
    who: 'apiServer',
    title: 'API server',
    size,
    end: () => apiServer.restart(AbortSignal.any([lab.signal, AbortSignal.timeout(fullServiceLimitMs)])),
    memory: async () => [await apiServer.memoryBytes()],
  };
}

async function restarted(
  lab: Lab,
  { who, title, size, end, memory: memoryNow }: Restarted,
  times: number,
): Promise<ControlPlaneFigure[]> {
  // What is not served yet is not lost: routes may be accepted before the Gateway's address is reached.
  await untilServed(lab, 0);
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
      await end();
      const servedMs = await newRouteServed(lab, `${who.toLowerCase()}-${size}-${n}`);
      await lab.env.clock.sleep(afterwardsMs, lab.signal);
      const lastLossMs = Math.max(startedMs, calls.lastLossMs ?? startedMs);
      // A proxy on its way out may still serve what is new: as long as calls are lost the service is not full.
      fullService.push(Math.max(servedMs, lastLossMs) - startedMs);
      lastLoss.push(lastLossMs - startedMs);
      memory.push(...(await memoryNow()));
    }
  } finally {
    await calls.stop();
  }
  const at = { size, sizeOf: 'routes' as const };
  return [
    figureOf({
      name: `${who}FullServiceMs`,
      title: `The ${title} ended, until a new route is served and no call is lost`,
      unit: 'ms',
      ...at,
      samples: fullService,
    }),
    figureOf({
      name: `${who}LastLossMs`,
      title: `The ${title} ended, until the last lost call`,
      unit: 'ms',
      ...at,
      samples: lastLoss,
    }),
    ...(memory.length === 0
      ? []
      : [
          figureOf({
            name: `${who}MemoryAfterStartBytes`,
            title: `Memory of the ${title} ${afterwardsMs / 1000} s after full service`,
            unit: 'bytes',
            ...at,
            samples: memory,
          }),
        ]),
    ...lostCalls(who, `while the ${title} was restarted`, [calls], at),
  ];
}

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
  return untilServed(lab, name, { limitMs: fullServiceLimitMs });
}
