import { scenario } from '../../harness/index.ts';
import { pointPortsTo, pointTo, type EndpointSlice } from '../endpoint-slices.ts';
import { unserved } from '../expected.ts';
import type { Route, Service } from '../shapes.ts';

const call = { host: 'checkout.example.com' };
const byTargetPort = { host: 'target-port.example.com' };
// The spec names no reason for a Service that exists without that port: any reason will do, False will not.
const unresolved = { type: 'ResolvedRefs', status: 'False' } as const;

scenario(
  {
    id: 'backend/service-port',
    title:
      'backendRefs name the port of the Service, whatever its type, and ports that are missing, change or exchange their numbers are noticed',
    support: 'core',
    clauses: [
      'backend-port-is-service-port',
      'backend-all-invalid-unavailable',
      'grpcroute-update-takes-effect',
      'backend-service-types',
      'backend-endpoints-follow',
    ],
    guards: ['projectcontour/contour#5476'],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    await t.apply();
    for (const service of ['shop', 'named']) await pointTo(t, service, 'v1');
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: 'v1' });
    await t.callMust({ host: 'named.example.com' }, { backend: 'v1' });
    await t.routeMustHaveCondition('target-port', unresolved);
    await t.callMust(byTargetPort, { status: 'UNAVAILABLE', backend: null });

    await t.update<Service>({ kind: 'Service', name: 'shop' }, ({ spec }) => {
      for (const port of spec.ports) port.port = 8080;
    });
    await t.routeMustHaveCondition('checkout', unresolved);
    await t.callMust(call, { status: 'UNAVAILABLE', backend: null });

    await t.update<Route>({ kind: 'GRPCRoute', name: 'checkout' }, ({ spec }) => {
      for (const rule of spec.rules ?? []) rule.backendRefs = [{ name: 'shop', port: 8080 }];
    });
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: 'v1' });

    // A number belongs to the port that has it now, and a Service may take an edit back.
    await pointPortsTo(t, 'shop', { grpc: 9000, deaf: 9 }, 'v1');
    const number = (ports: Record<string, number>) =>
      t.update<Service>({ kind: 'Service', name: 'shop' }, ({ spec }) => {
        spec.ports = Object.entries(ports).map(([name, port]) => ({
          name,
          port,
          appProtocol: 'kubernetes.io/h2c',
        }));
      });
    await number({ grpc: 8080, deaf: 8081 });
    await t.callMust(call, { backend: 'v1' });
    await number({ grpc: 8081, deaf: 8080 });
    await t.callMust(call, unserved);
    // Of two edits in a row the last one counts.
    await number({ grpc: 8082, deaf: 8083 });
    await number({ grpc: 8080, deaf: 8081 });
    await t.callMust(call, { backend: 'v1' });

    await t.update<Service>({ kind: 'Service', name: 'shop' }, ({ spec }) => {
      spec.type = 'NodePort';
    });
    await t.barrier();
    await t.routeMustBeAccepted('checkout');
    await t.callMust(call, { backend: 'v1' });

    // What ties the ports of slices to that of the Service is its name, and that may change too.
    await t.update<Service>({ kind: 'Service', name: 'named' }, ({ spec }) => {
      for (const port of spec.ports) port.name = 'renamed';
    });
    await pointPortsTo(t, 'named', { renamed: 9000 }, 'v2');
    await t.callMust({ host: 'named.example.com' }, { backend: 'v2' });

    // An EndpointSlice is of the Service that its label names now.
    await t.update<EndpointSlice>(
      { kind: 'EndpointSlice', apiVersion: 'discovery.k8s.io/v1', name: 'named' },
      ({ metadata }) => {
        if (metadata) metadata.labels = { ...metadata.labels, 'kubernetes.io/service-name': 'shop' };
      },
    );
    await t.implied(['backend-endpoints-follow'], async () => {
      await t.callMust({ host: 'named.example.com' }, { status: 'UNAVAILABLE', backend: null });
    });
  },
);
