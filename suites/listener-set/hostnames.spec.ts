import { scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import { refused } from '../expected.ts';
import { setMustBeProgrammed, setRef } from './shapes.ts';

scenario(
  {
    id: 'listener-set/hostnames',
    title:
      'Listeners of Gateway and ListenerSets share a port by hostname: the most specific one has the call, and what goes leaves its host to the next one',
    support: 'extended',
    features: ['ListenerSet', 'HTTPRoute'],
    clauses: [
      'listenerset-hostname-semantics',
      'listenerset-duplicate-names-across-sets',
      'listenerset-grpc-conflict-across',
    ],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['hostnames.yaml', 'hostnames.younger.yaml'],
    takesMs: 2000,
  },
  async (t) => {
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'precise');
    await setMustBeProgrammed(t, 'third');
    await t.routeMustHaveCondition('outside', {
      type: 'Accepted',
      status: 'False',
      reason: 'NoMatchingListenerHostname',
    });
    await laterSecond(t);
    await t.apply('hostnames.younger.yaml');
    await t.routeMustBeAccepted('grpc-older');
    await t.implied(['listenerset-grpc-conflict-across'], () =>
      t.routeMustHaveCondition('http-younger', { type: 'Accepted', status: 'False' }, { kind: 'HTTPRoute' }),
    );

    await t.callMust({ host: 'anything.example.com' }, { backend: 'v1' });
    await t.callMust({ host: 'precise.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'a.wide.example.com' }, { backend: 'v2' });
    await t.callMust({ host: 'third.example.com' }, { backend: 'v3' });
    await t.barrier();
    // Neither the Gateway's route nor a hostname that the listener has not reaches over.
    await t.callMustAlways({ host: 'precise.example.com' }, { backend: 'v2' });
    await t.callMustAlways({ host: 'b.wide.example.com' }, refused);
    await t.callMustAlways({ host: 'elsewhere.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'other.example.com' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'third.example.com' }, { backend: 'v3' });

    await t.remove(setRef('third'));
    await t.callMust({ host: 'third.example.com' }, { backend: 'v1' });
  },
);
