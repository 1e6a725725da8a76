import { expect, scenario } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'filter.example.com';
const message = [{ text: 'one' }, { text: 'two' }];

scenario(
  {
    id: 'filter/streams',
    title: 'Header filters act on streaming calls too, and leave their messages alone',
    support: 'core',
    clauses: ['filter-applies-to-streams'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'edits-streams', 'ResponseHeaderModifier'))) return;

    const metadata = { 'x-a': 'old', 'x-secret': 'value' };
    for (const kind of ['ServerStream', 'ClientStream', 'BidiStream']) {
      const call = { host, method: `routeproof.v1.Probe/${kind}`, metadata };
      const result = await t.callMust(
        { ...call, message: kind === 'ServerStream' ? [{ text: 'two' }] : message },
        { backend: 'v1' },
      );
      await t.check(
        `${kind}: headers are edited, the last message is the one sent`,
        () => {
          expect(result.received.get('x-a')).to.deep.equal(['new']);
          expect(result.received.has('x-secret')).to.equal(false);
          expect(result.headers.get('x-r')).to.deep.equal(['two']);
          expect(result.responses.at(-1)).to.include({ text: 'two' });
        },
        'routed',
      );
    }
  },
);
