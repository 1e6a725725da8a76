import { writeFileSync } from 'node:fs';
import { LocalProvider } from '../local/local-provider.ts';
import { apply, kubectl, until, useOwnState } from './cluster-session.ts';
import { shellPod } from './manifests.ts';

/**
 * A program for the tests, run in a user namespace of its own: starts a cluster, takes the inotify instances away from that namespace
 * alone, and prints what the status of a pod says whose program watches a file.
 */
const state = useOwnState();
const cluster = await new LocalProvider().up({ name: 'inotify', lifetime: 'attached' });
try {
  writeFileSync('/proc/sys/user/max_inotify_instances', '0');
  const container = { name: 'c', image: 'test.local/node:v1', args: ['-e', `require('fs').watch('/')`] };
  const spec = { restartPolicy: 'Never', containers: [container] };
  await apply(cluster, shellPod('watches', '', { spec }));
  await until(cluster, 'pod/watches', '{.status.phase}', 'Failed');
  const path = 'jsonpath={.status.containerStatuses[0].state.terminated.message}';
  console.log(await kubectl(cluster, 'get', 'pod', 'watches', '-o', path));
} finally {
  await cluster.down();
  state.dispose();
}
