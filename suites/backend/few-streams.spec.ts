import { expect, scenario } from '../../harness/index.ts';
import { deploymentsMustBeAvailable } from '../deployments.ts';

const call = { host: 'checkout.example.com' };
const answered = { status: 'OK', also: ({ backend = '' }) => expect(backend).to.match(/^shop-/) } as const;
/** Three times what one connection to the backend takes. */
const streams = 6;

scenario(
  {
    id: 'backend/few-streams',
    title: 'Long streams to a backend that takes two on one connection keep no other call waiting',
    support: 'informational',
    clauses: ['backend-few-streams-further-connections'],
    guards: ['envoyproxy/envoy#2941', 'envoyproxy/envoy#3076'],
    takesMs: 2000,
  },
  async (t) => {
    await t.apply();
    await deploymentsMustBeAvailable(t, 'shop');
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, answered);
    // One after the other: how many a connection takes is known to the gateway then.
    for (let opened = 1; opened <= streams; opened += 1) {
      const stream = await t.openStream(call);
      await stream.echo(`stream ${opened}`);
    }
    await t.callMustAlways(call, answered, 3);
  },
);
