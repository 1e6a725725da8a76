import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo } from '../methods.ts';
import { acceptedOrDeclined } from '../optional-support.ts';

const host = 'reflection.example.com';

scenario(
  {
    id: 'reflection/method-only',
    title: 'One match on the method name ServerReflectionInfo serves every version of reflection',
    support: 'implementation-specific',
    clauses: ['reflection-routed-like-any-service', 'method-exact-method-only'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'reflection-by-method', 'a method match without service'))) return;
    await t.callMust({ host }, { backend: 'v1' });

    const list = await t.grpcurl(['-plaintext', '-authority', host, 'list']);
    await t.check('list works', () => {
      expect(list.stdout.split('\n')).to.include('routeproof.v1.Probe');
    });
    await t.callMustAlways({ host, method: echo }, refused, 3);
  },
);
