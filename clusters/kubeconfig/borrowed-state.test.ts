import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { ownIdentity, type ProcessIdentity } from '../host/process-identity.ts';
import { useOwnState } from '../testing/cluster-session.ts';
import { borrowed, sweepDeadBorrowed, type BorrowedState } from './borrowed-state.ts';

describe('credentials of clusters that are used', () => {
  let state: ReturnType<typeof useOwnState>;
  beforeEach(() => (state = useOwnState()));
  afterEach(() => state.dispose());

  /** No process has started at this time, so its pid is another one now. */
  const gone = { pid: process.pid, startTime: '1' };
  const use = (
    name: string,
    lifetime: BorrowedState['lifetime'],
    by: { starter: ProcessIdentity } | { pid: number },
  ): void => {
    borrowed.claim({ name, lifetime, ...by, context: 'c', server: 's', versions: {} }, { kubeconfig: {} });
  };
  const names = (): string[] =>
    borrowed
      .all()
      .states.map(({ name }) => name)
      .toSorted();

  it('go with a process that is gone, also where another has its pid now', () => {
    use('dead', 'attached', { starter: gone });
    use('alive', 'attached', { starter: ownIdentity() });
    use('kept', 'detached', { starter: gone });
    sweepDeadBorrowed();
    expect(names()).to.deep.equal(['alive', 'kept']);
  });

  it('of an earlier version stay while a process has the pid, all that it wrote of its own', () => {
    use('dead', 'attached', { pid: spawnSync(process.execPath, ['--version']).pid });
    use('alive', 'attached', { pid: process.pid });
    sweepDeadBorrowed();
    expect(names()).to.deep.equal(['alive']);
  });

  it('are no state without any process', () => {
    borrowed.claim({ name: 'a', lifetime: 'attached', context: 'c', server: 's', versions: {} });
    expect(() => borrowed.read('a'))
      .to.throw(RouteproofError)
      .that.has.property('code', 'STATE_UNUSABLE');
  });
});
