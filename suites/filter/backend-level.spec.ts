import { expect, scenario } from '../../harness/index.ts';
import { guideEcho, guideEchoV2, probeTwo } from '../methods.ts';
import { acceptedOrDeclined, currentConditions } from '../optional-support.ts';
import type { Route } from '../shapes.ts';
import { heavierMustAnswer } from '../weight/shares.ts';
import { valuesOf } from './header-values.ts';

const host = 'filter.example.com';
const expected: Record<string, string[] | undefined> = { v1: ['first'], v2: ['second'], v3: undefined };

interface ModifierOfRequests {
  requestHeaderModifier?: { set: { name: string; value: string }[] };
}

scenario(
  {
    id: 'filter/backend-level',
    title:
      'A filter of one backendRef touches the calls of that backend only, and is followed when it is edited',
    support: 'extended',
    clauses: [
      'filter-core-supported',
      'filter-response-header-set',
      'filter-backend-level-only-there',
      'filter-backend-level-unsupported-visible',
      'weight-proportional',
      'grpcroute-update-takes-effect',
    ],
    backends: ['v1', 'v2', 'v3'],
  },
  async (t) => {
    await t.apply();
    if (
      !(await acceptedOrDeclined(
        t,
        'header-for-each-backend',
        'a filter on a backendRef',
        'filter-backend-level-unsupported-visible',
      ))
    )
      return;
    await t.callMust({ host }, { backend: ['v1', 'v2', 'v3'] });

    const eachHasItsOwn = async (): Promise<void> => {
      const backends = new Set<string>();
      const wrong: string[] = [];
      // 60 calls leave out one of three equal backends with a chance of 3 x (2/3)^60 = 1e-10.
      for (const { backend = '', received, headers } of await t.callMustAlways({ host }, {}, 60)) {
        backends.add(backend);
        const seen = [received.get('x-backend'), headers.get('x-answered')].map(String);
        const own = String(expected[backend]);
        if (seen.some((each) => each !== own)) wrong.push(`${backend}: ${seen.join(' and ')}`);
      }
      await t.check(
        'every backend sees its own header and no other, and so does who gets its answers',
        () => {
          expect(wrong).to.deep.equal([]);
          expect([...backends].toSorted()).to.deep.equal(['v1', 'v2', 'v3']);
        },
        'routed',
      );
    };
    await eachHasItsOwn();

    const weighted = { host, method: 'routeproof.v1.Probe/ServerStream' };
    await heavierMustAnswer(t, weighted, { heavy: 'v2', light: 'v1' });

    const overTls = await t.callMust({ ...weighted, tls: true }, { backend: 'v2' });
    await t.check(
      'so does that of a call over TLS',
      () => expect(valuesOf(overTls.received, 'x-backend')).to.deep.equal(['second']),
      'routed',
    );

    const twice = { host, method: 'routeproof.v1.Probe/ClientStream' };
    await t.callMust(twice, { backend: 'v1' });
    // 40 calls leave out one of two equal entries with a chance of 2 x (1/2)^40 = 2e-12.
    const seen = await t.callMustAlways(twice, { backend: 'v1' }, 40);
    await t.check(
      'a Service that is named twice sees the header of either entry',
      () => {
        const values = new Set(seen.map(({ received: each }) => each.get('x-backend')?.join()));
        expect([...values].toSorted()).to.deep.equal(['first', 'second']);
      },
      'routed',
    );

    const fromBackend = ['x-added-to-answer', 'x-internal'].map((key) => ({ key, value: 'of the backend' }));
    const { received, headers } = await t.callMust(
      {
        host,
        method: probeTwo,
        metadata: { 'x-added': 'of the caller', 'x-secret': 'of the caller' },
        message: { behaviour: { initialMetadata: fromBackend } },
      },
      { backend: 'v1' },
    );
    await t.check(
      'filters of an only backend work beside those of its rule, on answers too: they set, add and remove',
      () => {
        expect(valuesOf(received, 'x-rule')).to.deep.equal(['of the rule']);
        expect(valuesOf(headers, 'x-answered-by-rule')).to.deep.equal(['of the rule']);
        expect(valuesOf(received, 'x-backend')).to.deep.equal(['alone']);
        expect(valuesOf(received, 'x-added')).to.deep.equal(['of the caller', 'alone']);
        expect(valuesOf(received, 'x-secret')).to.deep.equal([]);
        expect(valuesOf(headers, 'x-answered')).to.deep.equal(['alone']);
        expect(valuesOf(headers, 'x-added-to-answer')).to.deep.equal(['of the backend', 'alone']);
        expect(valuesOf(headers, 'x-internal')).to.deep.equal([]);
      },
      'routed',
    );

    const answered = await t.callMust({ host, method: guideEcho }, { backend: 'v1' });
    const asked = await t.callMust({ host, method: guideEchoV2 }, { backend: 'v1' });
    await t.check(
      'the only filter of an only backend works, whether it edits answers or calls',
      () => {
        expect(valuesOf(answered.headers, 'x-answered')).to.deep.equal(['alone']);
        expect(valuesOf(asked.received, 'x-backend')).to.deep.equal(['alone']);
      },
      'routed',
    );

    await t.update<Route>({ kind: 'GRPCRoute', name: 'header-for-each-backend' }, ({ spec }) => {
      for (const { filters = [] } of spec.rules?.[1]?.backendRefs ?? [])
        for (const { requestHeaderModifier } of filters as ModifierOfRequests[])
          for (const header of requestHeaderModifier?.set ?? []) header.value = 'edited';
      spec.rules?.[0]?.backendRefs?.reverse();
    });
    await t.callMust(
      { host, method: probeTwo },
      {
        backend: 'v1',
        also: (result) => expect(valuesOf(result.received, 'x-backend')).to.deep.equal(['edited']),
      },
    );
    // The backends of the first rule have changed places meanwhile.
    await eachHasItsOwn();

    await t.update<Route>({ kind: 'GRPCRoute', name: 'header-for-each-backend' }, ({ spec }) => {
      for (const ref of spec.rules?.[1]?.backendRefs ?? []) delete ref.filters;
    });
    await t.callMust(
      { host, method: probeTwo },
      {
        backend: 'v1',
        also: (result) => {
          expect(valuesOf(result.received, 'x-backend')).to.deep.equal([]);
          expect(valuesOf(result.headers, 'x-answered')).to.deep.equal([]);
          expect(valuesOf(result.received, 'x-rule')).to.deep.equal(['of the rule']);
        },
      },
    );

    const isMirrored = await acceptedOrDeclined(
      t,
      'mirror-of-one-backend',
      'a RequestMirror on a backendRef',
      'filter-backend-level-unsupported-visible',
    );
    // One that is declined may say so by ResolvedRefs as well.
    const mirrored = await t.get<Route>({ kind: 'GRPCRoute', name: 'mirror-of-one-backend' });
    if (!isMirrored || currentConditions(t, mirrored).some(({ status }) => status === 'False')) return;
    const copied = { host: 'mirrored.example.com', metadata: { 'x-routeproof-nonce': `${t.nonce}-copied` } };
    await t.callMust({ host: 'mirrored.example.com' }, { backend: 'v1' });
    await t.callMustAlways(copied, { backend: 'v1' });
    const copies = await t.seenBy('v2', `${t.nonce}-copied`, { atLeast: 10 });
    await t.check(
      'a mirror of a backendRef that is accepted gets a copy of each call',
      () => expect(copies).to.have.length(10),
      'routed',
    );
  },
);
