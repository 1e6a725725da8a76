import { expect, scenario, type Expected } from '../../harness/index.ts';
import { acceptedOrDeclined } from '../optional-support.ts';
import { probeTwo } from '../methods.ts';
import type { Route } from '../shapes.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';
/** One that leaves an answer in 20 alone is seen all but once in five million times. */
const everyAnswer = 300;
const fromBackend = ['x-set', 'x-add', 'x-remove', 'x-other'].map((key) => ({ key, value: 'backend' }));
/** Headers may come several times. */
const initialMetadata = [
  ...fromBackend,
  ...['x-set', 'x-add', 'x-remove'].map((key) => ({ key, value: 'again' })),
];

interface ModifierOfAnswers {
  responseHeaderModifier: { set: { name: string; value: string }[] };
}

scenario(
  {
    id: 'filter/response-headers',
    title:
      'Headers of an answer are set, added and removed before the caller sees them, over TLS and from each of several backends, and as they are edited to be',
    support: 'extended',
    clauses: [
      'filter-response-header-set',
      'filter-response-header-add',
      'filter-response-header-remove',
      'backend-trailers-delivered',
    ],
    backends: ['v1', 'v2'],
    guards: ['lexfrei/cloudflare-tunnel-gateway-controller#416'],
  },
  async (t) => {
    await t.apply();
    if (!(await acceptedOrDeclined(t, 'edits-answers', 'ResponseHeaderModifier'))) return;

    const bare = await t.callMust({ host }, { backend: 'v1' });
    await t.check(
      'headers the backend did not send are created',
      () => {
        expect(valuesOf(bare.headers, 'x-set')).to.deep.equal(['new']);
        expect(valuesOf(bare.headers, 'x-add')).to.deep.equal(['two']);
        for (let other = 2; other <= 16; other += 1)
          expect(valuesOf(bare.headers, `x-set-${String(other)}`), String(other)).to.deep.equal(['new']);
      },
      'routed',
    );

    const message = { behaviour: { initialMetadata, trailingMetadata: fromBackend } };
    for (const method of ['Unary', 'ServerStream']) {
      const { headers, trailers } = await t.callMust(
        { host, method: `routeproof.v1.Probe/${method}`, message },
        { backend: 'v1' },
      );
      await t.check(
        `its trailers, which have the same names, are as it sent them (${method})`,
        () => {
          for (const { key, value } of fromBackend) expect(trailers.get(key), key).to.deep.equal([value]);
        },
        'trailers',
      );
      await t.check(
        `the backend's own headers are edited (${method})`,
        () => {
          expect(valuesOf(headers, 'x-set')).to.deep.equal(['new']);
          expect(valuesOf(headers, 'x-add')).to.deep.equal(['backend', 'again', 'two']);
          expect(valuesOf(headers, 'x-remove')).to.deep.equal([]);
          expect(valuesOf(headers, 'x-other')).to.deep.equal(['backend']);
        },
        'routed',
      );
    }

    const edited: Expected = {
      also: ({ headers }) => {
        expect(valuesOf(headers, 'x-set')).to.deep.equal(['new']);
        expect(valuesOf(headers, 'x-remove')).to.deep.equal([]);
      },
    };
    await t.callMustAlways({ host, message }, { ...edited, backend: 'v1' }, everyAnswer);

    await t.update<Route>({ kind: 'GRPCRoute', name: 'edits-answers' }, ({ spec }) => {
      const [rule] = spec.rules ?? [];
      for (const { responseHeaderModifier } of (rule?.filters ?? []) as object[] as ModifierOfAnswers[])
        for (const each of responseHeaderModifier.set) if (each.name === 'x-set-16') each.value = 'newer';
    });
    await t.callMust(
      { host },
      {
        backend: 'v1',
        also: ({ headers }) => expect(valuesOf(headers, 'x-set-16')).to.deep.equal(['newer']),
      },
    );

    const failing = { behaviour: { statusCode: 9, statusMessage: 'not now' } };
    const failed = await t.callMust({ host, message: failing }, { status: 9, backend: 'v1' });
    await t.check(
      'so are those of an answer that is an error and has no other headers',
      () => {
        expect([...valuesOf(failed.headers, 'x-set'), ...valuesOf(failed.trailers, 'x-set')]).to.deep.equal([
          'new',
        ]);
      },
      'routed',
    );

    await t.callMust({ host, tls: true, message }, { ...edited, backend: 'v1' });
    const split = { host, method: probeTwo, message };
    await t.callMust(split, { ...edited, backend: ['v1', 'v2'] });
    // 40 calls leave out one of two equal backends with a chance of 2 x (1/2)^40 = 2e-12.
    const results = await t.callMustAlways(split, { ...edited, backend: ['v1', 'v2'] }, 40);
    await t.check(
      'they are edited whichever backend answers',
      () => expect(new Set(results.map(({ backend }) => backend)).size).to.equal(2),
      'backend',
    );
  },
);
