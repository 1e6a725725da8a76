import type { ScenarioMeta } from '../specs/api.ts';
import { currentEngine } from './engine.ts';
import { register, suiteOf, type ScenarioBody } from '../specs/registry.ts';

interface MochaContext {
  skip: () => never;
}

/**
 * Declares a scenario: one per spec file, see docs/writing-a-scenario.md. The engine runs all selected scenarios side by
 * side; the mocha test made here waits for this one's outcome.
 */
export function scenario(meta: ScenarioMeta, body: ScenarioBody): void {
  const suite = describe(suiteOf(meta.id), () => {
    const test = it(`${meta.id}: ${meta.title}`, async function (this: MochaContext) {
      const result = await currentEngine().outcome(meta.id);
      if (result.verdict === 'pass') return;
      const isTold = meta.support === 'informational' || result.tier === 'informational';
      const onlyTold = isTold && result.verdict !== 'setup-failed';
      if (result.verdict === 'not-run' || onlyTold) this.skip();
      const error = new Error(`${result.verdict} at layer ${result.layer ?? '?'}`);
      error.stack = [
        error.message,
        `  expected: ${result.expected ?? ''}`,
        `  seen:     ${result.seen ?? ''}`,
        ...(result.repro?.commands ?? []).map((command) => `  try:      ${command}`),
      ].join('\n');
      throw error;
    });
    test.timeout(0);
  });
  register({ meta, body, file: suite.file });
}
