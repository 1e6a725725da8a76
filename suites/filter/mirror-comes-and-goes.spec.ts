import { expect, scenario } from '../../harness/index.ts';
import type { Expected } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import type { Route } from '../shapes.ts';

/** Each route has a host of its name. */
const hostOf = (route: string): string => `${route}.example.com`;
const times = 10;
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
    const become = async (name: string, edit: string, ...filters: object[]): Promise<boolean> => {
      await t.update<Route>({ kind: 'GRPCRoute', name }, ({ spec }) => {
        for (const rule of spec.rules ?? [])
          rule.filters = [...filters, marked(edit)] as NonNullable<typeof rule.filters>;
      });
      if (!(await acceptedOrDeclined(t, name, 'RequestMirror'))) return false;
      const inForce: Expected = {
        backend: 'v1',
        also: ({ received }) => expect(received.get('x-edit')).to.deep.equal([edit]),
      };
      const host = hostOf(name);
      await t.callMust({ host }, inForce);
      const metadata = { 'x-routeproof-nonce': `${t.nonce}-${edit}` };
      await t.callMustAlways({ host, metadata }, inForce, times);
      return true;
    };
    /** Goes without a mirror and gets it back: by then copies of the calls before would have come too. */
    const pause = async (name: string, without: string, again: string): Promise<void> => {
      await become(name, without);
      await become(name, again, mirror);
      const later = await t.seenBy('copy', `${t.nonce}-${again}`, { atLeast: times });
      const between = await t.seenBy('copy', `${t.nonce}-${without}`);
      await t.check(
        'it has each call when it is back, and none of the time between',
        () => {
          expect(later).to.have.length(times);
          expect(between).to.have.length(0);
        },
        'routed',
      );
    };
    await t.apply();
    await t.callMust({ host: hostOf('later-mirrored') }, { backend: 'v1' });

    if (!(await become('later-mirrored', 'with-mirror', mirror))) return;
    const copies = await t.seenBy('copy', `${t.nonce}-with-mirror`, { atLeast: times });
    await t.check(
      'the mirror that came later has each call once',
      () => expect(copies).to.have.length(times),
      'routed',
    );
    await pause('later-mirrored', 'without', 'once-more');

    await t.callMust({ host: hostOf('mirrored-at-first') }, { backend: 'v1' });
    await pause('mirrored-at-first', 'lost', 'returned');
  },
);
