import { expect, scenario, type Expected, type Scenario } from '../../harness/index.ts';
import { applySlice, pointPortsTo, pointTo, type EndpointSlice } from '../endpoint-slices.ts';

const call = { host: 'checkout.example.com' };
const calls = 60;
/** How a gateway says that an endpoint cannot be reached is not judged here. */
const unanswered: Expected = { status: ['UNAVAILABLE', 'UNKNOWN', 'DEADLINE_EXCEEDED'], backend: null };
/** Nobody listens there. */
const deafPort = 9;
const slice = { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1' };

const ready = { ready: true };

/** A Service may have several slices, whose pods have ports of their own, and an endpoint need not say whether it is ready: it is then. */
async function fillSlices(t: Scenario): Promise<void> {
  await pointTo(t, 'pool', 'v1', 'v2');
  await setConditions(t, 'pool', ready, { ready: false });
  await applySlice(t, { name: 'more-of-it', service: 'pool', ports: { grpc: 9001 } }, 'v3', 'v4');
  await setConditions(t, 'more-of-it', undefined, { ready: false, serving: true, terminating: true });
}

/** What the API lets an EndpointSlice leave out: whoever makes something of these has the endpoint that the Service has anyway. @returns their names */
async function addSlicesInPart(t: Scenario, service: string, backend: string): Promise<string[]> {
  const ports = { 'without-port-number': [{ protocol: 'TCP' }], 'without-ports': [] };
  for (const [name, written] of Object.entries(ports)) {
    await applySlice(t, { name, service, ports: {} }, backend);
    await t.update<EndpointSlice>({ ...slice, name }, (object) => {
      object.ports = written;
    });
  }
  return Object.keys(ports);
}

type Conditions = EndpointSlice['endpoints'][number]['conditions'];

async function setConditions(t: Scenario, name: string, ...conditions: Conditions[]): Promise<void> {
  await t.update<EndpointSlice>({ ...slice, name }, ({ endpoints }) => {
    for (const [index, endpoint] of endpoints.entries()) {
      delete endpoint.conditions;
      Object.assign(endpoint, conditions[index] && { conditions: conditions[index] });
    }
  });
}

scenario(
  {
    id: 'backend/several-endpoints',
    title:
      'Calls reach every ready endpoint of a headless Service, whichever slice has it, and no other, also after a change, and when it moves to another slice',
    support: 'core',
    clauses: [
      'backend-service-forwarding',
      'backend-endpoints-follow',
      'backend-service-types',
      'backend-appprotocol-absent-inferred',
      'backend-port-is-service-port',
    ],
    guards: ['envoyproxy/gateway#4685', 'istio/istio#27603', 'traefik/traefik#13481'],
    backends: ['v1', 'v2', 'v3', 'v4'],
  },
  async (t) => {
    await fillSlices(t);
    await t.apply();
    await pointPortsTo(t, 'nameless', { '': 9000 }, 'v1');
    await t.routeMustBeAccepted('nameless');
    await t.callMust({ host: 'nameless.example.com' }, { backend: 'v1' });
    const inPart = await addSlicesInPart(t, 'nameless', 'v1');
    // Whatever is made of them, other changes are served.
    await t.barrier();
    await t.implied(['backend-endpoints-follow'], async () => {
      await t.callMustAlways({ host: 'nameless.example.com' }, { backend: 'v1' }, 5);
    });
    // Endpoints may come later than routes: what is made of these is not to be taken for what is made of the next edit.
    for (const name of inPart) await t.remove({ ...slice, name });
    await t.barrier();
    await t.callMust({ host: 'nameless.example.com' }, { backend: 'v1' });
    // Hints tell which endpoints are near. Where none is, those that are far away are called.
    await t.update<EndpointSlice>({ ...slice, name: 'nameless' }, ({ endpoints }) => {
      for (const endpoint of endpoints)
        Object.assign(endpoint, { zone: 'far-away', hints: { forZones: [{ name: 'far-away' }] } });
    });
    await t.barrier();
    await t.callMustAlways({ host: 'nameless.example.com' }, { backend: 'v1' }, 5);
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: ['v1', 'v3'] });
    await t.barrier();
    await t.callMust(call, { backend: ['v1', 'v3'] });

    const spread = await t.distribution(call, calls);
    await t.check(
      'every ready endpoint answers, and nobody else',
      () => {
        // An even spread is not required; by chance alone one of two stays unused in fewer than 1 of 10^17 runs.
        expect([...spread.keys()].sort()).to.deep.equal(['v1', 'v3']);
      },
      'backend',
    );

    await t.implied(['backend-endpoints-follow'], async () => {
      await setConditions(t, 'pool', { ready: false }, ready);
      await t.remove({ ...slice, name: 'more-of-it' });
      await t.barrier();
      await t.callMust(call, { backend: 'v2' });
      const rest = await t.distribution(call, calls);
      await t.check(
        'the endpoint that became ready is called, those that left, one with its slice, are not',
        () => {
          expect([...rest.keys()]).to.deep.equal(['v2']);
        },
        'backend',
      );

      await pointPortsTo(t, 'pool', { grpc: deafPort }, 'v4');
      await t.callMust(call, unanswered);
      await pointTo(t, 'pool', 'v4');
      await t.callMust(call, { backend: 'v4' });
      const last = await t.distribution(call, calls);
      await t.check(
        'the endpoint that the slice got later is called, on the port that it has now, and the one that it lost is not',
        () => {
          expect([...last.keys()]).to.deep.equal(['v4']);
        },
        'backend',
      );
    });

    await pointTo(t, 'pool', 'v1', 'v2', 'v3', 'v4');
    for (const backend of ['v1', 'v2', 'v3', 'v4'])
      await t.askUntil({
        what: `${backend}, one of four endpoints, answers a call`,
        ask: () => t.call(call),
        isSo: (result) => result.backend === backend,
        seen: (result) => `${result.statusName} from ${result.backend ?? 'no backend'}`,
        layer: 'backend',
      });

    // An endpoint that moves from one slice to another is in both for a while.
    await applySlice(t, { name: 'moved-to', service: 'pool', ports: { grpc: 9000 } }, 'v4');
    await t.barrier();
    await pointTo(t, 'pool');
    await t.barrier();
    await t.callMust(call, { backend: 'v4' });
    await t.callMustAlways(call, { backend: 'v4' }, 5);
  },
);
