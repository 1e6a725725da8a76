/** What the code that Stryker's instrumenter writes has in the global scope. */
interface Switches {
  activeMutant?: string | undefined;
  hitCount?: number | undefined;
  /** The active mutant throws when its code is come by more often. */
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Record<string, number> };
}

function switches(): Switches {
  const scope = globalThis as { __stryker__?: Switches };
  return (scope.__stryker__ ??= {});
}

/** How often the code of each mutant was come by, by id. */
export function reached(): Record<string, number> {
  return switches().mutantCoverage?.static ?? {};
}

/** @param hitLimit - so often its code may be come by: a loop that does not end any more ends there */
export function activate(mutant: string | undefined, hitLimit?: number): void {
  Object.assign(switches(), {
    activeMutant: mutant,
    hitCount: mutant === undefined ? undefined : 0,
    hitLimit,
  });
}
