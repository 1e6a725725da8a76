import { expect, scenario } from '../../harness/index.ts';
import { pointPortsTo } from '../endpoint-slices.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'filter.example.com';
const times = 10;

scenario(
  {
    id: 'filter/mirror-several',
    title: 'Three mirrors of one rule each get every call, on the port that they name',
    support: 'extended',
    clauses: ['filter-mirror-repeatable', 'filter-mirror-copies-calls'],
    backends: ['v1', 'copy-a', 'copy-b', 'copy-c'],
  },
  async (t) => {
    // Nobody listens on its first port.
    await pointPortsTo(t, 'two-ports', { other: 9, grpc: 9000 }, 'copy-c');
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'mirrored-thrice', 'a second RequestMirror'))) return;
    await t.callMust({ host }, { backend: 'v1' });

    const nonce = `${t.nonce}-all`;
    await t.callMustAlways({ host, metadata: { 'x-routeproof-nonce': nonce } }, { backend: 'v1' }, times);
    for (const mirror of ['copy-a', 'copy-b', 'copy-c']) {
      const copies = await t.seenBy(mirror, nonce, { atLeast: times });
      await t.check(
        `${mirror} has each call once`,
        () => {
          expect(copies).to.have.length(times);
        },
        'routed',
      );
    }
  },
);
