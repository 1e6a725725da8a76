import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition, PackageDefinition } from '@grpc/proto-loader';
import type { ServiceDefinition } from '@grpc/grpc-js';
import type { ServiceName } from './config.ts';

const protoDir = fileURLToPath(new URL('./proto', import.meta.url));

const filesOf: Record<ServiceName, string[]> = {
  echo: ['echo.proto'],
  greeter: ['helloworld.proto'],
  grpcecho: ['grpcecho.proto'],
  routeproof: ['routeproof.proto', 'rpc-status.proto'],
  health: [],
  'reflection-v1': [],
  'reflection-v1alpha': [],
};

/** Parses the protos of these services; camelCase fields, defaults filled in, uint64 as number, bytes as Buffer. */
export function loadProtos(services: readonly ServiceName[]): PackageDefinition {
  const files = protoFiles(services);
  if (files.length === 0) return {};
  return loadSync(files, { longs: Number, enums: String, defaults: true, oneofs: true });
}

/** Paths of the protos that these services are written in. */
export function protoFiles(services: readonly ServiceName[]): string[] {
  return services.flatMap((service) => filesOf[service]).map((file) => join(protoDir, file));
}

/** A service of a loaded package. @throws Error when the proto does not have it: a mistake in this folder */
export function serviceOf(protos: PackageDefinition, name: string): ServiceDefinition {
  const definition = protos[name];
  if (definition === undefined || 'format' in definition) throw new Error(`no service ${name} in the protos`);
  return definition;
}

/** A message type of a loaded package. @throws Error when the proto does not have it: a mistake in this folder */
export function messageOfProto(
  protos: PackageDefinition,
  name: string,
): MessageTypeDefinition<object, object> {
  const definition = protos[name];
  if (definition === undefined || !('serialize' in definition))
    throw new Error(`no message ${name} in the protos`);
  return definition as unknown as MessageTypeDefinition<object, object>;
}
