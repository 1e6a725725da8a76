import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import type { ServiceName } from '../config.ts';
import { messageOfProto, protoFiles, serviceOf } from '../protos.ts';
import type { Receiver } from '../received.ts';
import { healthServiceName } from './health.ts';
import type { Health } from './health.ts';
import { probeService } from './probe.ts';
import { addReflection, reflectionServiceName } from './reflection.ts';
import type { ReflectionVersion } from './reflection.ts';
import { echoService, greeterService, grpcEchoService, ledgerService } from './simple.ts';

const fullNames: Record<ServiceName, string[]> = {
  echo: ['echo.Echo'],
  greeter: ['helloworld.Greeter'],
  grpcecho: ['gateway_api_conformance.echo_basic.grpcecho.GrpcEcho'],
  routeproof: ['routeproof.v1.Probe', 'routeproof.v1.ProbeTwo', 'routeproof.v1.Ledger'],
  health: [healthServiceName],
  'reflection-v1': [reflectionServiceName('v1')],
  'reflection-v1alpha': [reflectionServiceName('v1alpha')],
};

/** Full names, as reflection lists them. */
export function fullServiceNames(services: readonly ServiceName[]): string[] {
  return services.flatMap((service) => fullNames[service]);
}

export interface Registering {
  protos: PackageDefinition;
  receiver: Receiver;
  health: Health;
}

/** Adds the configured services to a server. */
export function registerServices(server: Server, services: readonly ServiceName[], with_: Registering): void {
  const versions: ReflectionVersion[] = [];
  for (const service of services) {
    if (service === 'reflection-v1') versions.push('v1');
    else if (service === 'reflection-v1alpha') versions.push('v1alpha');
    else registerService(server, service, with_);
  }
  addReflection(server, versions, protoFiles(services), fullServiceNames(services));
}

type PlainService = Exclude<ServiceName, `reflection-${string}`>;

function registerService(
  server: Server,
  service: PlainService,
  { protos, receiver, health }: Registering,
): void {
  switch (service) {
    case 'echo':
      server.addService(serviceOf(protos, 'echo.Echo'), echoService(receiver));
      return;
    case 'greeter':
      server.addService(serviceOf(protos, 'helloworld.Greeter'), greeterService(receiver));
      return;
    case 'grpcecho':
      server.addService(
        serviceOf(protos, 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho'),
        grpcEchoService(receiver),
      );
      return;
    case 'routeproof': {
      const probe = probeService(receiver, messageOfProto(protos, 'google.rpc.Status'));
      server.addService(serviceOf(protos, 'routeproof.v1.Probe'), probe);
      server.addService(serviceOf(protos, 'routeproof.v1.ProbeTwo'), probe);
      server.addService(serviceOf(protos, 'routeproof.v1.Ledger'), ledgerService(receiver));
      return;
    }
    case 'health':
      health.addTo(server);
      return;
  }
}
