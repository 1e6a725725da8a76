import type { Probe } from '../../../api/types.ts';

export interface Thresholds {
  successThreshold: number;
  failureThreshold: number;
}

/** Kubernetes' defaults. */
export function thresholdsOf(probe: Probe): Thresholds {
  return { successThreshold: probe.successThreshold ?? 1, failureThreshold: probe.failureThreshold ?? 3 };
}

/** Turns single answers into a verdict: it changes after as many equal answers in a row as its threshold says. */
export class ProbeState {
  readonly #thresholds: Thresholds;
  #verdict: boolean | undefined;
  #last: boolean | undefined;
  #inARow = 0;

  constructor(thresholds: Thresholds, initially: boolean | undefined) {
    this.#thresholds = thresholds;
    this.#verdict = initially;
  }

  /** True, false, or undefined before the first. */
  get verdict(): boolean | undefined {
    return this.#verdict;
  }

  /** @returns whether the verdict changed */
  observe(ok: boolean): boolean {
    this.#inARow = this.#last === ok ? this.#inARow + 1 : 1;
    this.#last = ok;
    const { successThreshold, failureThreshold } = this.#thresholds;
    if (this.#inARow < (ok ? successThreshold : failureThreshold)) return false;
    const changed = this.#verdict !== ok;
    this.#verdict = ok;
    return changed;
  }
}
