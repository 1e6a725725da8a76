/**
 * The longest a conformant implementation may take, in milliseconds. A wait ends as soon as it holds, so a long limit costs
 * nothing when things work: these are for slow machines, about 100 times what the bundled gateway needs on two cores.
 */
export interface Limits {
  /** A new condition after a write: Accepted, ResolvedRefs, attachedRoutes. */
  statusMs: number;
  /** A Gateway from apply to Programmed with an address: its proxy has to be started. */
  gatewayMs: number;
  /** A change from the last condition to the first call that shows it. */
  servedMs: number;
  /** One call that has to be answered, where the scenario sets no deadline of its own. */
  callMs: number;
  /** Backends of a scenario's own: pods started, endpoints known. */
  workloadMs: number;
  /** An object from its deletion until it is gone. */
  deletedMs: number;
  /** A mirrored call after the answer to the original. */
  mirrorMs: number;
  /** The shared Gateway and echo servers, once a run. */
  baseMs: number;
  /** CRDs established and the bundled gateway's class accepted, once a run. */
  installMs: number;
  /** Beyond the limit a wait goes on for this share of it, to tell `slow` from `wrong`. */
  graceShare: number;
}

export const defaultLimits: Limits = {
  statusMs: 30_000,
  gatewayMs: 60_000,
  servedMs: 30_000,
  callMs: 60_000,
  workloadMs: 60_000,
  deletedMs: 60_000,
  mirrorMs: 5_000,
  baseMs: 120_000,
  installMs: 120_000,
  graceShare: 0.5,
};

/** Limits multiplied by `scale` (option, or ROUTEPROOF_LIMITS_SCALE), with single ones overridden. */
export function scaledLimits(scale: number, overrides: Partial<Limits> = {}): Limits {
  const scaled = Object.fromEntries(
    Object.entries(defaultLimits).map(([name, value]) => [
      name,
      name === 'graceShare' ? value : value * scale,
    ]),
  ) as unknown as Limits;
  return { ...scaled, ...overrides };
}
