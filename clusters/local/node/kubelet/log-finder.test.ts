import { expect } from 'chai';
import type { Pod } from '../../../api/types.ts';
import { PodLogFinder, type RunningPod } from './log-finder.ts';

describe('the log of a container', () => {
  const pod: Pod = { metadata: { namespace: 'a', name: 'p', uid: '1' }, spec: { containers: [] } };
  const waiting: RunningPod = { pod, runner: () => undefined };
  const finder = new PodLogFinder('/logs', () => [waiting]);

  it('is not found where the pod has gone meanwhile', () => {
    expect(() => finder.logOf('a', 'other', 'c', false))
      .to.throw('pod a/other is not on this node')
      .with.property('status', 404);
  });

  it('is refused, and may come, while the container waits', () => {
    expect(() => finder.logOf('a', 'p', 'c', false))
      .to.throw('container "c" in pod "p" is waiting to start: PodInitializing')
      .with.property('status', 400);
  });
});
