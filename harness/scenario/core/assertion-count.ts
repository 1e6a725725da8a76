import { AsyncLocalStorage } from 'node:async_hooks';
import { Assertion, AssertionError, assert, config, expect } from 'chai';
import type { ScenarioCore } from './core.ts';

/** The scenario whose body is running: chai's assertions count for it, so that a body which asserts nothing is found out. */
export const running = new AsyncLocalStorage<ScenarioCore>();

interface Asserting {
  assert: (this: unknown, ...args: unknown[]) => void;
}

const prototype = Assertion.prototype as unknown as Asserting;
const plain = prototype.assert;
prototype.assert = function (this: unknown, ...args: unknown[]): void {
  running.getStore()?.asserted();
  plain.apply(this, args);
};

/** Characters of a value in a message; of a list of lost calls chai's 40 leave only how many they are. */
config.truncateThreshold = 400;

export { AssertionError, assert, expect };
