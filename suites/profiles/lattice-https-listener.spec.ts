import { scenario } from '../../harness/index.ts';
import { currentConditions } from '../optional-support.ts';
import { conditionOf } from '../shapes.ts';
import type { Route } from '../shapes.ts';
import { mustTakeHttpsOnly } from './two-listeners.ts';

scenario(
  {
    id: 'profiles/lattice-https-listener',
    title:
      'A GRPCRoute whose sectionName names an HTTPS listener serves; one that names an HTTP listener is not accepted',
    support: 'implementation-specific',
    profiles: ['aws-vpc-lattice'],
    clauses: ['listener-profile-lattice-https-section'],
    backends: ['v1'],
  },
  async (t) => {
    await mustTakeHttpsOnly(t);
    const verdict = (route: Route) => conditionOf(currentConditions(t, route), 'Accepted')?.status;
    const anywhere = await t.until<Route>(
      { kind: 'GRPCRoute', name: 'anywhere' },
      'it has a verdict',
      (route) => ['True', 'False'].includes(verdict(route) ?? ''),
      'status',
    );
    t.note(
      `The page says that sectionName must refer to an HTTPS listener. A parentRef without one is Accepted=${verdict(anywhere) ?? ''} here.`,
    );
  },
);
