import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

const host = 'header.example.com';
const kinds = ['ServerStream', 'ClientStream', 'BidiStream'];

scenario(
  {
    id: 'header/streams',
    title: 'Headers select streaming calls as they select unary ones',
    support: 'core',
    clauses: ['header-applies-to-all-rpc-kinds'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('canary-streams');

    for (const kind of kinds) {
      const call = { host, method: `routeproof.v1.Probe/${kind}`, message: [{ text: 'hello' }] };
      const answered = {
        also: ({ responses }: { responses: unknown[] }) => void expect(responses).to.have.length(1),
      };
      await t.callMust({ ...call, metadata: { env: 'canary' } }, { backend: 'v1', ...answered });
      await t.callMust({ ...call, metadata: { env: 'stable' } }, { backend: 'v2', ...answered });
      await t.callMustAlways(call, refused, 3);
    }
  },
);
