/** Ends a scenario that cannot be judged here: says nothing about the gateway. */
export class NotRun extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NotRun';
  }
}
