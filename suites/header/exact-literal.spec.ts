import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { probe } from '../methods.ts';
import { emptyFrame, grpcHeaders } from '../raw-grpc.ts';
import type { Route } from '../shapes.ts';

const host = 'header.example.com';

scenario(
  {
    id: 'header/exact-literal',
    title: 'An Exact header value is plain text, whatever characters are in it, and however many',
    support: 'core',
    clauses: ['header-exact-value', 'header-exact-whole-value', 'match-any-of-matches'],
    backends: ['v1'],
    guards: ['Kong/kong-operator#4673', 'traefik/traefik#13172', 'traefik/traefik#12753'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('literal-values');

    for (const value of [
      'a.c',
      '.*',
      '^start|end$',
      'two words, and "quotes"',
      '%REQ(:path)%',
      'back\\slash',
      '`ticks`',
      '${host} costs $5',
    ]) {
      await t.callMust({ host, metadata: { 'x-pattern': value } }, { backend: 'v1' });
    }
    const long = { name: `x-${'name-'.repeat(14)}end`, value: `${'long '.repeat(60)}end` };
    await t.callMust({ host, metadata: { [long.name]: long.value } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { [long.name]: `${long.value}s` } }, refused, 3);
    await t.callMust({ host, metadata: { 'x-id-bin': 'AAEC' } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { 'x-id-bin': 'AAED' } }, refused, 3);
    // A header that the protocol has a use for too is one like others.
    await t.callMust({ host, metadata: { authorization: 'Bearer of-good-news' } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { authorization: 'Bearer of-bad-news' } }, refused, 3);
    /** A library of gRPC writes its own. */
    const statusBy = async (agent: string): Promise<string | undefined> => {
      const headers = { ...grpcHeaders, 'user-agent': agent };
      const reply = await t.raw({ host, path: `/${probe}`, headers, body: emptyFrame });
      return new Map([...reply.headers, ...reply.trailers]).get('grpc-status');
    };
    await t.check(
      'a call is taken by its user-agent, and by no other one',
      async () => {
        expect(await statusBy('probe/1.0 (test)')).to.equal('0');
        expect(await statusBy('probe/1.1 (test)')).not.to.equal('0');
      },
      'routed',
    );
    for (const value of [
      'abc',
      'backslash',
      'ticks',
      'anything',
      'start',
      'end',
      'two words',
      'two  words, and "quotes"',
      '/routeproof.v1.Probe/Unary',
    ]) {
      await t.callMustAlways({ host, metadata: { 'x-pattern': value } }, refused, 3);
    }

    // As long as the CRD allows.
    const longest = { name: `x-${'n'.repeat(254)}`, value: 'v'.repeat(4096) };
    await t.update<Route>({ kind: 'GRPCRoute', name: 'literal-values' }, ({ spec }) => {
      for (const { matches = [] } of spec.rules ?? [])
        for (const { headers = [] } of matches)
          for (const header of headers) if (header.name === long.name) Object.assign(header, longest);
    });
    await t.callMust({ host, metadata: { [longest.name]: longest.value } }, { backend: 'v1' });
    await t.callMustAlways({ host, metadata: { [longest.name]: `${longest.value.slice(1)}w` } }, refused, 3);
  },
);
