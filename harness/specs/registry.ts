import type { Scenario, ScenarioMeta } from './api.ts';

export type ScenarioBody = (t: Scenario) => Promise<void> | void;

export interface Registered {
  meta: ScenarioMeta;
  body: ScenarioBody;
  /** Path of the spec file; undefined when it was not loaded by mocha. */
  file: string | undefined;
}

const registered: Registered[] = [];

/** Every scenario whose spec file was loaded, in that order; duplicates of an id included, for validation to name them. */
export function registeredScenarios(): readonly Registered[] {
  return registered;
}

export function register(scenario: Registered): void {
  registered.push(scenario);
}

/** The part of an id before the first '/'. */
export function suiteOf(id: string): string {
  return id.split('/')[0] ?? id;
}
