import { messageOf, RouteproofError } from '../../../common/errors.ts';
import { isAssertion } from '../../rpc/judge.ts';
import type { ScenarioCore } from './core.ts';
import { NotRun } from './not-run.ts';
import { RouteproofVerdict } from './verdict.ts';

/** Whose fault a thrown thing is. Only an assertion or a verdict ever counts against the gateway. */
export function classify(core: ScenarioCore, error: unknown): RouteproofVerdict {
  if (core.signal.aborted) {
    const seen = messageOf(core.signal.reason);
    return new RouteproofVerdict('not-run', {
      layer: 'apply',
      expected: 'the scenario runs to its end',
      seen,
      cause: error,
    });
  }
  if (error instanceof RouteproofVerdict) return error;
  if (error instanceof NotRun || (error instanceof RouteproofError && error.code === 'API_UNREACHABLE')) {
    return new RouteproofVerdict('not-run', {
      layer: 'apply',
      expected: 'the scenario runs',
      seen: messageOf(error),
      cause: error,
    });
  }
  if (isAssertion(error)) {
    return new RouteproofVerdict('wrong', {
      layer: core.lastLayer,
      expected: core.meta.title,
      seen: error.message,
      cause: error,
    });
  }
  return new RouteproofVerdict('setup-failed', {
    layer: 'apply',
    expected: 'the scenario runs without an error of its own',
    seen: messageOf(error),
    cause: error,
  });
}
