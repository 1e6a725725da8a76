import type { LeftOut } from '../../results/run.ts';

/** Ends a scenario that cannot be judged here: says nothing about the gateway. */
export class NotRun extends Error {
  /** Set where it does not apply here, so that nobody owes it. */
  readonly leftOut: LeftOut | undefined;

  constructor(reason: string, leftOut?: LeftOut) {
    super(reason);
    this.leftOut = leftOut;
    this.name = 'NotRun';
  }
}
