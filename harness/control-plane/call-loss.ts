import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { CountedCalls } from './counted-calls.ts';
import { figureOf } from './figure.ts';
import { growTo } from './grow.ts';
import { gatewayPort, hostOf, type Lab } from './lab.ts';
import { lostCalls } from './lost-calls.ts';
import { PodCost, proxyPods } from '../proxies/pods.ts';
import type { Length, Subject } from './subject.ts';
import { untilServed } from './until-served.ts';

/**
 * How many calls of each side. Of a gateway that loses one in 10,000, 48,000 show a loss in 99 of a hundred runs. 120,000 lose 12 of
 * them, and 8 or more in 91 of a hundred: as many as the exact test of `compare` needs beside a run that lost none. Straight to the
 * backend a quarter is enough to tell whose loss it is.
 */
const amounts: Record<Length, { gateway: number; direct: number; longestMs: number }> = {
  quick: { gateway: 48_000, direct: 12_000, longestMs: 120_000 },
  long: { gateway: 120_000, direct: 30_000, longestMs: 420_000 },
};
/** The sides take turns, so that a disturbance of the machine meets both; and as many as leave some where time is over before all are made. */
const turns = 40;
/** Calls open at once, each followed by the next: two cores are kept busy, and none waits for long. */
const atOnce = 16;
const warmUpCalls = 500;
const acceptedLimitMs = 60_000;
const backendPort = 9000;

/** A great many calls to a route that nothing changes, as fast as they are answered: how many get no answer, and what one costs the proxy. */
export const callLoss: Subject = {
  name: 'call-loss',
  title:
    'Many calls while nothing changes: calls lost, through the gateway and beside it, and proxy CPU a call',
  seconds: { quick: 30, long: 75 },
  async measure(lab, { length }) {
    const amount = amounts[length];
    await growTo(lab, 0, 1, acceptedLimitMs);
    await untilServed(lab, 0);
    const authority = hostOf(lab, 0);
    const gateway = new CountedCalls({ address: lab.address, port: gatewayPort, authority });
    const direct = new CountedCalls({ address: backendOf(lab), port: backendPort, authority });
    const proxy = PodCost.of(await proxyPods(lab));
    const cpuPerCallMs: number[] = [];
    try {
      // The first calls open connections, and a new process's are slower than all later ones.
      await callMany(gateway, warmUpCalls, lab.signal);
      const endMs = lab.env.clock.now() + amount.longestMs;
      for (let turn = 0; turn < turns; turn++) {
        const beforeMs = proxy?.cpuMs() ?? NaN;
        await callMany(gateway, amount.gateway / turns, lab.signal);
        cpuPerCallMs.push(((proxy?.cpuMs() ?? NaN) - beforeMs) / (amount.gateway / turns));
        await callMany(direct, amount.direct / turns, lab.signal);
        // On a machine that others use too: so many calls are an answer as well, and `compare` says what they can show.
        if (lab.env.clock.now() > endMs) break;
        lab.progress(
          `  ${gateway.calls} of ${amount.gateway + warmUpCalls} calls through the gateway, ${gateway.lost} lost`,
        );
      }
    } finally {
      gateway.close();
      direct.close();
    }
    return {
      notMeasured: [
        ...(proxy === undefined ? [notSeen] : []),
        ...(gateway.calls < amount.gateway ? [tooSlow(gateway.calls, amount)] : []),
      ],
      figures: [
        ...(proxy === undefined ? [] : [proxyCost(cpuPerCallMs)]),
        ...lostCalls('gateway', 'through the gateway', [gateway]),
        ...lostCalls('direct', 'straight to the backend', [direct]),
      ],
    };
  },
};

const notSeen = {
  what: 'CPU time of the proxy',
  why: 'its processes cannot be seen from here; on the local cluster they can',
};

function tooSlow(calls: number, { gateway, longestMs }: (typeof amounts)[Length]): typeof notSeen {
  return { what: `all of ${gateway} calls`, why: `${calls} were made in ${longestMs / 1000} s` };
}

/** With calls in a row there is no idle time in it, and each turn is of thousands of calls: it shows little on a busy machine. */
function proxyCost(samples: readonly number[]): ControlPlaneFigure {
  return figureOf({
    name: 'proxyCpuPerCallMs',
    title: 'CPU time of the proxy for one call of many in a row',
    unit: 'ms',
    samples,
    averages: true,
  });
}

/** @throws the signal's reason when it is aborted; calls that are open then end by themselves */
async function callMany(calls: CountedCalls, count: number, signal: AbortSignal): Promise<void> {
  let left = count;
  const one = async (): Promise<void> => {
    while (left > 0) {
      signal.throwIfAborted();
      left -= 1;
      await calls.call();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

function backendOf({ env }: Lab): string {
  const [pod] = env.echoPods;
  if (pod === undefined) throw new Error('there are no shared echo pods');
  return pod.address;
}
