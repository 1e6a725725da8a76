import { scenario } from '../../harness/index.ts';
import { applyInOneSecond } from '../api-clock.ts';
import { entryMustHaveCondition, setMustBeProgrammed, setMustBeRefused } from './shapes.ts';

scenario(
  {
    id: 'listener-set/precedence-tie',
    title: 'Of two equally old ListenerSets with one hostname, the first by namespace and name wins',
    support: 'extended',
    features: ['ListenerSet'],
    clauses: ['listenerset-precedence-alphabetical'],
    backends: ['a-team/v1', 'b-team/v2'],
    manifests: ['precedence-tie.yaml', 'precedence-tie.gateway.yaml'],
  },
  async (t) => {
    await applyInOneSecond(t, [
      { kind: 'ListenerSet', name: 'zz-last', namespace: 'a-team' },
      { kind: 'ListenerSet', name: 'aa-first', namespace: 'b-team' },
    ]);
    await t.apply('precedence-tie.gateway.yaml');
    await t.gatewayMustBeProgrammed('edge');
    await setMustBeProgrammed(t, 'a-team/zz-last');
    await setMustBeRefused(t, 'b-team/aa-first', 'ListenersNotValid');
    await entryMustHaveCondition(t, 'b-team/aa-first', 'contested', {
      type: 'Conflicted',
      status: 'True',
      reason: 'HostnameConflict',
    });
    await t.callMust({ host: 'prize.example.com' }, { backend: 'a-team/v1' });
    await t.callMustAlways({ host: 'prize.example.com' }, { backend: 'a-team/v1' });
  },
);
