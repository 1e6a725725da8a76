import { figureOf } from './figure.ts';
import { growTo } from './grow.ts';
import { gatewayPort, hostOf, routeOf, type Lab } from './lab.ts';
import { lostCalls } from './lost-calls.ts';
import { patchRoute } from './patch-route.ts';
import { rulesOf } from './routes.ts';
import { SteadyCalls } from './steady-calls.ts';
import type { Length, Subject } from './subject.ts';
import { untilServed } from './until-served.ts';

const amounts: Record<Length, { changes: number; routes: number }> = {
  quick: { changes: 200, routes: 100 },
  long: { changes: 1_000, routes: 300 },
};
/** Between two writes: 1,000 changes in half a minute. */
const pauseMs = 20;
/** 100 calls a second to each of four hosts. */
const intervalMs = 10;
const acceptedLimitMs = 120_000;

/** Backends, weights and matches changed while calls go on: every call has to be answered, and by a backend that is named. */
export const routeChange: Subject = {
  name: 'route-change',
  title: 'Backend, weight and match changes under steady calls: calls lost',
  seconds: { quick: 15, long: 50 },
  async measure(lab, { length }) {
    const { changes, routes } = amounts[length];
    await growTo(lab, 0, routes, acceptedLimitMs);
    for (const what of kinds) await lab.env.kube.create(routeOf(lab, what, first[what]));
    for (const what of kinds) await untilServed(lab, what, { holding: 'first' });
    const steady = new Map(
      ([0, ...kinds] as const).map((host) => [
        host,
        new SteadyCalls({ ...callsOf(lab, host), judge: judgeOf(lab, host) }),
      ]),
    );
    const startedMs = performance.now();
    try {
      for (let n = 0; n < changes; n++) {
        lab.signal.throwIfAborted();
        const what = kinds[n % kinds.length] ?? 'backend';
        await patchRoute(lab, what, { rules: rulesAfter(what, Math.floor(n / kinds.length), n) });
        await lab.env.clock.sleep(pauseMs, lab.signal);
        if ((n + 1) % 250 === 0) lab.progress(`  ${n + 1} of ${changes} changes`);
      }
      // The last ones have to arrive under calls as well.
      const last = kinds[(changes - 1) % kinds.length] ?? 'backend';
      await untilServed(lab, last, { holding: markOf(changes - 1) });
    } finally {
      for (const each of steady.values()) await each.stop();
    }
    const makers = kinds.map((what) => steady.get(what)).filter((each) => each !== undefined);
    const neighbour = steady.get(0);
    return {
      figures: [
        figureOf({ name: 'changes', title: 'Changes written', unit: 'writes', samples: [changes] }),
        figureOf({
          name: 'changesTookMs',
          title: 'All changes, until the last was served',
          unit: 'ms',
          samples: [performance.now() - startedMs],
        }),
        ...lostCalls('changedRoute', 'to routes that change', makers),
        ...lostCalls(
          'otherRoute',
          'to a route that does not change',
          neighbour === undefined ? [] : [neighbour],
        ),
      ],
    };
  },
};

const kinds = ['backend', 'weight', 'match'] as const;
type Kind = (typeof kinds)[number];
const first = {
  backend: {},
  weight: {
    backends: [
      { name: 'a', weight: 1 },
      { name: 'b', weight: 1 },
    ],
  },
  match: {},
} satisfies Record<Kind, object>;

function markOf(change: number): string {
  return `change-${change}-`;
}

/** `round`: how often this route was changed before. */
function rulesAfter(kind: Kind, round: number, change: number): unknown[] {
  const mark = markOf(change);
  const odd = round % 2 === 0;
  switch (kind) {
    case 'backend':
      return rulesOf({ mark, backends: [{ name: odd ? 'b' : 'a' }] });
    case 'weight':
      return rulesOf({
        mark,
        backends: [
          { name: 'a', weight: odd ? 9 : 1 },
          { name: 'b', weight: odd ? 1 : 9 },
        ],
      });
    case 'match':
      // No call has the header: all of them belong to the second rule, whatever the first one asks for.
      return [
        ...rulesOf({ mark, backends: [{ name: 'b' }], match: `value-${round}` }),
        ...rulesOf({ mark, backends: [{ name: 'a' }] }),
      ];
  }
}

function callsOf(lab: Lab, host: number | Kind) {
  return { address: lab.address, port: gatewayPort, authority: hostOf(lab, host), intervalMs };
}

/** Routes that change their backends may be answered by either, at every moment; the others by `a` alone. */
function judgeOf({ env }: Lab, host: number | Kind): (answer: Buffer) => string | undefined {
  const [a = '', b = ''] = env.echoPods.map(({ pod }) => pod);
  const right = host === 'backend' || host === 'weight' ? [a, b] : [a];
  return (answer) => (right.some((pod) => answer.includes(pod)) ? undefined : 'wrong backend');
}
