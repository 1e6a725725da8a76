import { AsyncLocalStorage } from 'node:async_hooks';
import { Assertion, AssertionError, assert, expect } from 'chai';
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

export { AssertionError, assert, expect };
