/** Between two looks: a thousand in 20 s, at a cost that does not show. */
const everyMs = 20;
/** A look that late was held up by something; calls are then late as well. Two busy cores give each of 60 processes its turn after 100 ms or so. */
const lateMs = 50;
/** As of the probe of route-propagation: a tenth of the time is no accident. */
const mostLate = 0.1;
/** Fewer looks tell nothing, one second of them does. */
const leastLooks = 50;

/** What there is to be looked at, for tests to stand in for. */
export interface Clocks {
  /** Milliseconds, of a clock that only goes forward. */
  now: () => number;
  /** Milliseconds of CPU time that this process has had. */
  cpuMs: () => number;
}

const real: Clocks = {
  now: () => performance.now(),
  cpuMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/**
 * Whether other work keeps the machine so busy that a lost call may be its doing. It sees how late its own timer is; what this process
 * calculated in the meantime is taken off, as that is no other work.
 */
export class BusyWatch {
  #looks = 0;
  #late = 0;
  #last: { atMs: number; cpuMs: number };
  readonly #clocks: Clocks;
  #timer: NodeJS.Timeout | undefined;

  constructor(clocks: Clocks = real) {
    this.#clocks = clocks;
    this.#last = this.#read();
  }

  start(): void {
    this.#last = this.#read();
    this.#timer = setInterval(() => this.look(), everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What the timer does. */
  look(): void {
    const now = this.#read();
    const heldUpMs = now.atMs - this.#last.atMs - everyMs - (now.cpuMs - this.#last.cpuMs);
    this.#last = now;
    this.#looks += 1;
    if (heldUpMs > lateMs) this.#late += 1;
  }

  /** @returns undefined where the machine was not busy, or too short a time was watched to tell */
  reason(): string | undefined {
    if (this.#looks < leastLooks || this.#late <= this.#looks * mostLate) return undefined;
    return `other work runs on this machine: a timer of routeproof was held up for more than ${lateMs} ms in ${this.#late} of ${this.#looks} cases`;
  }

  #read(): { atMs: number; cpuMs: number } {
    return { atMs: this.#clocks.now(), cpuMs: this.#clocks.cpuMs() };
  }
}
