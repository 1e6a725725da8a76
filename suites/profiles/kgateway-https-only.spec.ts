import { scenario } from '../../harness/index.ts';
import { mustTakeHttpsOnly } from './two-listeners.ts';

scenario(
  {
    id: 'profiles/kgateway-https-only',
    title: 'A GRPCRoute attaches to an HTTPS listener, and is not accepted on an HTTP one',
    support: 'implementation-specific',
    profiles: ['kgateway-guide'],
    clauses: [
      'listener-profile-kgateway-https-only',
      'listener-profile-kgateway-http-rejected',
      'status-profile-kgateway-accepted-reasons',
    ],
    backends: ['v1'],
  },
  mustTakeHttpsOnly,
);
