import { scenario } from '../../harness/index.ts';
import { applyInOneSecond } from '../api-clock.ts';
import { sharesHostname } from './shared-hostname.ts';

scenario(
  {
    id: 'hostname/conflict-tie',
    title:
      'Of an equally old GRPCRoute and HTTPRoute with one hostname, the first by namespace and name is accepted',
    support: 'core',
    features: ['HTTPRoute'],
    clauses: ['hostname-conflict-tie-alphabetical', 'hostname-conflict-exactly-one'],
    backends: ['v1', 'v2', 'a/v1', 'b/v1'],
    manifests: ['conflict-tie.yaml', 'conflict-tie.abroad.yaml'],
  },
  async (t) => {
    await applyInOneSecond(t, [
      { kind: 'GRPCRoute', name: 'zz-grpc' },
      { kind: 'HTTPRoute', name: 'aa-http' },
    ]);

    await t.routeMustBeAccepted('aa-http', { kind: 'HTTPRoute' });
    if (await sharesHostname(t, { kind: 'GRPCRoute', name: 'zz-grpc' })) return;
    await t.routeMustHaveCondition('zz-grpc', { type: 'Accepted', status: 'False' });
    await t.callMust({ host: 'tie.example.com' }, { backend: 'v2' });
    await t.callMustAlways({ host: 'tie.example.com' }, { backend: 'v2' });

    await applyInOneSecond(
      t,
      [
        { kind: 'GRPCRoute', name: 'zz-grpc', namespace: 'a' },
        { kind: 'HTTPRoute', name: 'aa-http', namespace: 'b' },
      ],
      'conflict-tie.abroad.yaml',
    );
    const abroad = { host: 'tie-abroad.example.com' };
    await t.routeMustBeAccepted('zz-grpc', { namespace: 'a' });
    await t.routeMustHaveCondition(
      'aa-http',
      { type: 'Accepted', status: 'False' },
      { kind: 'HTTPRoute', namespace: 'b' },
    );
    await t.callMust(abroad, { backend: 'a/v1' });
    await t.callMustAlways(abroad, { backend: 'a/v1' }, 3);
  },
);
