import { expect, scenario } from '../../harness/index.ts';
import type { Expected } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import type { Route } from '../shapes.ts';

const host = 'filter.example.com';
const times = 10;
const ref = { kind: 'GRPCRoute', name: 'later-mirrored' };
const mirror: object = {
  type: 'RequestMirror',
  requestMirror: { backendRef: { name: 'copy', port: 9000 } },
};

/** Set together with the rest of the rule, so that an answer tells which edit is in force. */
const marked = (value: string): object => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x-edit', value }] },
});

scenario(
  {
    id: 'filter/mirror-comes-and-goes',
    title:
      'A mirror that a rule gets later has its calls copied, and one that it loses has them copied no more',
    support: 'extended',
    clauses: ['filter-mirror-copies-calls', 'filter-scope-is-rule', 'grpcroute-update-takes-effect'],
    backends: ['v1', 'copy'],
  },
  async (t) => {
    const become = async (edit: string, ...filters: object[]): Promise<void> => {
      await t.update<Route>(ref, ({ spec }) => {
        for (const rule of spec.rules ?? [])
          rule.filters = [...filters, marked(edit)] as NonNullable<typeof rule.filters>;
      });
      if (!(await acceptedOrDeclined(t, ref.name, 'RequestMirror'))) return;
      const inForce: Expected = {
        backend: 'v1',
        also: ({ received }) => expect(received.get('x-edit')).to.deep.equal([edit]),
      };
      await t.callMust({ host }, inForce);
      const metadata = { 'x-routeproof-nonce': `${t.nonce}-${edit}` };
      await t.callMustAlways({ host, metadata }, inForce, times);
    };
    await t.apply();
    await t.callMust({ host }, { backend: 'v1' });

    await become('with-mirror', mirror);
    if (!(await acceptedOrDeclined(t, ref.name, 'RequestMirror'))) return;
    const copies = await t.seenBy('copy', `${t.nonce}-with-mirror`, { atLeast: times });
    await t.check(
      'the mirror that came later has each call once',
      () => expect(copies).to.have.length(times),
      'routed',
    );

    await become('without');
    await become('once-more', mirror);
    const again = await t.seenBy('copy', `${t.nonce}-once-more`, { atLeast: times });
    const between = await t.seenBy('copy', `${t.nonce}-without`);
    await t.check(
      'it has each call when it is back, and none of the time between',
      () => {
        expect(again).to.have.length(times);
        expect(between).to.have.length(0);
      },
      'routed',
    );
  },
);
