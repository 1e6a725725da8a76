import { RouteproofError } from '../../common/errors.ts';
import { objectKey } from '../../common/object-key.ts';
import { ResourceWatch } from '../kube/watch.ts';
import type { Gateway } from '../kube/objects.ts';
import type { ControlPlaneFigure } from '../results/control-plane.ts';
import { figureOf } from './figure.ts';
import { isAccepted, writeRoutes } from './grow.ts';
import type { Lab } from './lab.ts';
import type { Length, Subject } from './subject.ts';

const sizes: Record<Length, number> = { quick: 300, long: 1_000 };
const limitMs = 300_000;
/** After all is right: who writes a status again then, writes one too many. */
const quietMs = 2_000;

/** Many routes at once for one Gateway: when are attachedRoutes and all statuses right, and after how many writes. */
export const attachedRoutes: Subject = {
  name: 'attached-routes',
  title: 'Many GRPCRoutes attached to one Gateway: until attachedRoutes and all statuses are right',
  seconds: { quick: 10, long: 20 },
  async measure(lab, { length, sizes: given }) {
    const size = given?.at(-1) ?? sizes[length];
    const seen = await StatusCount.start(lab, size);
    try {
      const lastWriteMs = await writeRoutes(lab, 0, size);
      const { attachedMs, acceptedMs } = await seen.allRight();
      await lab.env.clock.sleep(quietMs, lab.signal);
      return { figures: figuresOf(size, { attachedMs, acceptedMs, lastWriteMs }, seen) };
    } finally {
      seen.stop();
    }
  },
};

function figuresOf(
  size: number,
  at: { attachedMs: number; acceptedMs: number; lastWriteMs: number },
  seen: StatusCount,
): ControlPlaneFigure[] {
  const of = { size, sizeOf: 'routes' as const };
  const afterLastWrite = (ms: number): number[] => [Math.max(0, ms - at.lastWriteMs)];
  return [
    figureOf({
      name: 'attachedRoutesRightMs',
      title: 'attachedRoutes right, after the last write',
      unit: 'ms',
      ...of,
      samples: afterLastWrite(at.attachedMs),
    }),
    figureOf({
      name: 'statusesRightMs',
      title: 'All routes Accepted and ResolvedRefs, after the last write',
      unit: 'ms',
      ...of,
      samples: afterLastWrite(at.acceptedMs),
    }),
    figureOf({
      name: 'routeStatusWrites',
      title: 'Status writes of each route',
      unit: 'writes',
      ...of,
      samples: seen.routeWrites(),
    }),
    figureOf({
      name: 'gatewayStatusWrites',
      title: 'Status writes of the Gateway',
      unit: 'writes',
      ...of,
      samples: [seen.gatewayWrites],
    }),
  ];
}

/** Counts, over watches, every version of an object after its first: nobody but the implementation writes to them. */
class StatusCount {
  gatewayWrites = 0;
  readonly #lab: Lab;
  readonly #size: number;
  readonly #routes: ResourceWatch;
  readonly #gateways: ResourceWatch;
  readonly #writes = new Map<string, number>();
  readonly #accepted = new Set<string>();
  readonly #attached = Promise.withResolvers<number>();
  readonly #all = Promise.withResolvers<number>();

  private constructor(lab: Lab, size: number, routes: ResourceWatch, gateways: ResourceWatch) {
    this.#lab = lab;
    this.#size = size;
    this.#routes = routes;
    this.#gateways = gateways;
  }

  static async start(lab: Lab, size: number): Promise<StatusCount> {
    const { kube } = lab.env;
    const routes = new ResourceWatch(kube, await kube.kindInfo('GRPCRoute'), lab.namespace);
    const gateways = new ResourceWatch(kube, await kube.kindInfo('Gateway'), lab.namespace);
    await Promise.all([routes.start(), gateways.start()]);
    const count = new StatusCount(lab, size, routes, gateways);
    count.#listen();
    return count;
  }

  routeWrites(): number[] {
    return [...this.#writes.values()];
  }

  /** When each was right, on the clock of performance.now(). @throws RouteproofError LOAD_FAILED - never within the limit */
  async allRight(): Promise<{ attachedMs: number; acceptedMs: number }> {
    const { env, signal } = this.#lab;
    const both = Promise.all([this.#attached.promise, this.#all.promise]);
    const [attachedMs, acceptedMs] = await Promise.race([
      both,
      env.clock.sleep(limitMs, signal).then(() => {
        signal.throwIfAborted();
        throw this.#late();
      }),
    ]);
    return { attachedMs, acceptedMs };
  }

  stop(): void {
    this.#routes.stop();
    this.#gateways.stop();
  }

  #listen(): void {
    const { namespace, gateway } = this.#lab;
    this.#routes.listen((object, previous) => {
      if (object === undefined) return;
      const name = object.metadata?.name ?? '';
      this.#writes.set(name, previous === undefined ? 0 : (this.#writes.get(name) ?? 0) + 1);
      if (isAccepted(this.#lab, object)) this.#accepted.add(name);
      if (this.#accepted.size === this.#size) this.#all.resolve(performance.now());
    });
    this.#gateways.listen((object, _previous, key) => {
      if (object === undefined || key !== objectKey(namespace, gateway.name)) return;
      this.gatewayWrites += 1;
      const [listener] = (object as Gateway).status?.listeners ?? [];
      if (listener?.attachedRoutes === this.#size) this.#attached.resolve(performance.now());
    });
  }

  #late(): RouteproofError {
    return new RouteproofError('LOAD_FAILED', 'attachedRoutes or a route status never became right', {
      object: `Gateway ${objectKey(this.#lab.namespace, this.#lab.gateway.name)}`,
      seen: `${this.#accepted.size} of ${this.#size} routes accepted ${limitMs / 1000} s after the last write`,
      hint: 'see that the controller counts attachedRoutes and writes the status of every route: its log says what it was at',
    });
  }
}
