import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { figureOf } from './figure.ts';
import { growTo } from './grow.ts';
import { hostOf, openConnections, routeOf, type Lab } from './lab.ts';
import type { Connections } from './connections.ts';
import { patchRoute } from './patch-route.ts';
import { Probe } from './probe.ts';
import { probePath, rulesOf } from './routes.ts';
import type { Length, Subject } from './subject.ts';

interface Amount {
  sizes: number[];
  changes: number;
  adds: number;
}

const plans: Record<Length, Amount> = {
  quick: { sizes: [10, 300], changes: 60, adds: 30 },
  long: { sizes: [10, 300, 3_000, 10_000], changes: 200, adds: 100 },
};

/** From a write until it must be served; what takes longer is no sample but a reason. */
const servedLimitMs = 30_000;
const acceptedLimitMs = 300_000;
/** Between a change that is served and the next write, so that the statuses of one are not in the way of the other. */
const pauseMs = { least: 30, spread: 40 };

/** From the request that writes a route to the first call that its new configuration serves, beside more and more other routes. */
export const routePropagation: Subject = {
  name: 'route-propagation',
  title: 'From the API write of one route to the first call served by it',
  seconds: { quick: 25, long: 330 },
  async measure(lab, { length, sizes = plans[length].sizes }) {
    const plan = { ...plans[length], sizes };
    const { figures } = lab;
    let connections: Connections | undefined;
    try {
      let written = 0;
      for (const size of plan.sizes) {
        lab.progress(`route-propagation: ${size} routes`);
        await growTo(lab, written, size, acceptedLimitMs);
        written = size;
        // Not before there are routes: some implementations do not listen until then.
        connections ??= await openConnections(lab);
        figures.push(...(await measureSize(lab, connections, size, plan)));
      }
    } finally {
      connections?.close();
    }
    return { figures };
  },
};

async function measureSize(
  lab: Lab,
  connections: Connections,
  size: number,
  plan: Amount,
): Promise<ControlPlaneFigure[]> {
  const probe = new Probe();
  const at = { size, sizeOf: 'routes' as const, unit: 'ms' as const };
  // The first connections and calls of a gateway are slower than all later ones.
  await series(lab, { connections, probe: new Probe(), size, write: changeOne }, 3);
  const changes = await series(lab, { connections, probe, size, write: changeOne }, plan.changes);
  const adds = await series(lab, { connections, probe, size, write: addOne }, plan.adds);
  const doubts = doubtsOf(probe);
  const figures = [
    figureOf({
      name: 'changeServedMs',
      title: 'One route changed, until it is served',
      ...at,
      samples: changes.tookMs,
      invalid: [...changes.invalid, ...doubts],
    }),
    figureOf({
      name: 'addServedMs',
      title: 'One route added, until it is served',
      ...at,
      samples: adds.tookMs,
      invalid: [...adds.invalid, ...doubts],
    }),
    figureOf({
      name: 'writeAnsweredMs',
      title: 'The part of it that is the API server: until a change was answered',
      ...at,
      samples: changes.writeMs,
      invalid: doubts,
    }),
    figureOf({
      name: 'probeCallMs',
      title: 'One call of the probe, which every time above has in it',
      ...at,
      samples: probe.callsMs.slice(0, mostCallsKept),
      invalid: doubts,
    }),
  ];
  for (const { name, summary } of figures)
    if (summary !== undefined)
      lab.progress(`  ${size} routes, ${name}: p50 ${summary.p50} p99 ${summary.p99} max ${summary.max}`);
  return figures;
}

interface Times {
  tookMs: number[];
  /** Until the API server had answered the write. */
  writeMs: number[];
  invalid: string[];
}

interface Series {
  connections: Connections;
  probe: Probe;
  size: number;
  write: (
    lab: Lab,
    size: number,
    mark: string,
  ) => { index: number | string; written: Promise<unknown>; undo?: () => Promise<void> };
}

async function series(lab: Lab, { connections, probe, size, write }: Series, count: number): Promise<Times> {
  const tookMs: number[] = [];
  const writeMs: number[] = [];
  for (let n = 0; n < count; n++) {
    const mark = `${lab.nonce}-${size}-${markNumber++}`;
    const startedMs = performance.now();
    const { index, written, undo } = write(lab, size, mark);
    const bytes = Buffer.from(mark);
    const [served] = await Promise.all([
      probe.until({
        connections,
        target: { authority: hostOf(lab, index), path: probePath },
        shows: ({ status, body }) => status === 0 && body.includes(bytes),
        limitMs: servedLimitMs,
        signal: lab.signal,
        written,
      }),
      written.then(() => writeMs.push(performance.now() - startedMs)),
    ]);
    if (served === undefined)
      return {
        tookMs,
        writeMs,
        invalid: [`write ${n + 1} of ${count} was not served within ${servedLimitMs / 1000} s`],
      };
    tookMs.push(served.atMs - startedMs);
    await undo?.();
    await lab.env.clock.sleep(pauseMs.least + Math.random() * pauseMs.spread, lab.signal);
  }
  return { tookMs, writeMs, invalid: [] };
}

let markNumber = 0;

function changeOne(lab: Lab, size: number, mark: string): ReturnType<Series['write']> {
  const index = Math.floor(Math.random() * size);
  const written = patchRoute(lab, index, { rules: rulesOf({ mark }) });
  return { index, written };
}

/** Taken away again, so that there are as many routes as before. */
function addOne(lab: Lab, _size: number, mark: string): ReturnType<Series['write']> {
  const { kube } = lab.env;
  const index = `new-${mark}`;
  const route = routeOf(lab, index, { mark });
  const undo = async (): Promise<void> => {
    await kube.delete(await kube.kindInfo('GRPCRoute'), lab.namespace, route.metadata?.name ?? '');
  };
  return { index, written: kube.create(route), undo };
}

/** A probe that was not there to see cannot tell: what the machine did meanwhile is no property of the gateway. */
function doubtsOf({ gapsMs }: Probe): string[] {
  const late = gapsMs.filter((gap) => gap > lateGapMs).length;
  if (late <= gapsMs.length * mostLate) return [];
  return [
    `the probe called less than every ${lateGapMs} ms in ${late} of ${gapsMs.length} cases: the machine is too busy`,
  ];
}

/** Enough for a percentile; all of them would be most of run.json. */
const mostCallsKept = 1_000;
const lateGapMs = 5;
const mostLate = 0.1;
