import type { TimelineEvent } from '../../results/run.ts';
import type { Clock } from '../../wait/clock.ts';
import { oneLine } from './verdict.ts';

/** More events than a reader scrolls through; a scenario that makes more keeps its first and its last ones. */
const keptEvents = 400;

/** What happened in a scenario, in order; runs of equal probes are folded into one event. */
export class Timeline {
  readonly #clock: Clock;
  readonly #start: number;
  readonly #events: TimelineEvent[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#start = clock.now();
  }

  /** Milliseconds since the scenario's start. */
  nowMs(): number {
    return Math.round((this.#clock.now() - this.#start) * 10) / 10;
  }

  add(event: Omit<TimelineEvent, 'atMs'>): void {
    const atMs = this.nowMs();
    const last = this.#events.at(-1);
    const text = oneLine(event.text);
    if (
      event.kind === 'probe' &&
      last?.kind === 'probe' &&
      last.text === text &&
      last.object === event.object
    ) {
      last.count = (last.count ?? 1) + 1;
      last.untilMs = atMs;
      return;
    }
    this.#events.push({ atMs, ...event, text });
    if (this.#events.length > keptEvents) this.#events.splice(keptEvents / 2, 1);
  }

  events(): TimelineEvent[] {
    return this.#events;
  }
}
