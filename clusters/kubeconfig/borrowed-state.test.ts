import { expect } from 'chai';
import { ownIdentity, type ProcessIdentity } from '../local/process-identity.ts';
import { useOwnState } from '../testing/cluster-session.ts';
import { borrowed, sweepDeadBorrowed, type BorrowedState } from './borrowed-state.ts';

describe('credentials of clusters that are used', () => {
  let state: ReturnType<typeof useOwnState>;
  beforeEach(() => (state = useOwnState()));
  afterEach(() => state.dispose());

  /** No process has started at this time, so its pid is another one now. */
  const gone = { pid: process.pid, startTime: '1' };
  const use = (name: string, lifetime: BorrowedState['lifetime'], starter?: ProcessIdentity): void => {
    const of = { name, lifetime, context: 'c', server: 's', versions: {} };
    borrowed.claim({ ...of, ...(starter !== undefined && { starter }) }, { kubeconfig: {} });
  };

  it('go with a process that is gone, also where another has its pid now', () => {
    use('dead', 'attached', gone);
    use('of-an-earlier-version', 'attached');
    use('alive', 'attached', ownIdentity());
    use('kept', 'detached', gone);
    sweepDeadBorrowed();
    expect(
      borrowed
        .all()
        .map(({ name }) => name)
        .toSorted(),
    ).to.deep.equal(['alive', 'kept']);
  });
});
