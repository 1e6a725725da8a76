import { scenario } from '../../harness/index.ts';

scenario(
  {
    id: 'precedence/hostname',
    title:
      'A precise host beats every wildcard, and a longer wildcard a shorter one, whatever other hostnames a route has, over TLS as well',
    support: 'core',
    clauses: ['precedence-nonwildcard-hostname-longest', 'precedence-hostname-longest'],
    backends: ['v1', 'v2', 'v3', 'v4'],
    guards: ['kubernetes-sigs/aws-load-balancer-controller#4210'],
  },
  async (t) => {
    await t.apply();
    for (const route of [
      'any-host',
      'middle-host',
      'deep-host',
      'precise-host',
      'wide-and-precise',
      'narrow-host',
    ]) {
      await t.routeMustBeAccepted(route);
    }

    const winners = {
      'rank.example.com': 'v1',
      'b.rank.example.com': 'v2',
      'b.a.rank.example.com': 'v2',
      'a.deep.rank.example.com': 'v3',
      'a.rank.example.com': 'v4',
      // Of the hostnames of one route the one that fits the call counts, not the first.
      'a.narrow.mixed.example.com': 'v4',
      'b.narrow.mixed.example.com': 'v3',
      'b.mixed.example.com': 'v4',
    };
    for (const [host, backend] of Object.entries(winners)) await t.callMust({ host }, { backend });
    for (const [host, backend] of Object.entries(winners)) await t.callMustAlways({ host }, { backend }, 5);
    // Over TLS the handshake names the host as well, and the shared Gateway has one listener for all of them.
    for (const [host, backend] of Object.entries(winners)) await t.callMust({ host, tls: true }, { backend });
  },
);
