import { expect, scenario } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';

const annotation = 'application-networking.k8s.aws/lattice-assigned-domain-name';
const domain = (route: Route): string => route.metadata?.annotations?.[annotation] ?? '';

scenario(
  {
    id: 'profiles/lattice-domain-annotation',
    title: 'A GRPCRoute that is programmed and ready is annotated with the domain name assigned to it',
    support: 'implementation-specific',
    profiles: ['aws-vpc-lattice'],
    clauses: ['status-profile-lattice-domain-annotation'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('greeter-grpc-route');
    await t.callMust({ host: 'greeter.example.com', tls: true }, { backend: 'v1' });
    const ready = await t.until<Route>(
      { kind: 'GRPCRoute', name: 'greeter-grpc-route' },
      `an annotation ${annotation}`,
      (route) => domain(route) !== '',
      'status',
    );
    await t.check(
      'its value is a domain name',
      () => expect(domain(ready)).to.match(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/),
      'status',
    );
    await t.routeMustHaveCondition('no-such-listener', { type: 'Accepted', status: 'False' });
    const refused = await t.get<Route>({ kind: 'GRPCRoute', name: 'no-such-listener' });
    await t.check(
      'a route that is not accepted has none',
      () => expect(domain(refused)).to.equal(''),
      'status',
    );
  },
);
