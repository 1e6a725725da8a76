import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type * as ReflectionPackage from '@grpc/reflection';
import type * as HealthPackage from 'grpc-health-check';
import { completeDescriptors } from './descriptors.ts';
import { addLazyService, capture } from './lazy.ts';
import type { Registration } from './lazy.ts';

const require = createRequire(import.meta.url);

export type ReflectionVersion = 'v1' | 'v1alpha';

export function reflectionServiceName(version: ReflectionVersion): string {
  return `grpc.reflection.${version}.ServerReflection`;
}

/**
 * Adds server reflection in these versions. It lists exactly `listed`, so what a client sees is what is served.
 *
 * @param protoFiles - of the services; those of reflection and health are added here
 */
export function addReflection(
  server: Server,
  versions: readonly ReflectionVersion[],
  protoFiles: readonly string[],
  listed: readonly string[],
): void {
  let registrations: Registration[] | undefined;
  for (const version of versions) {
    const service = reflectionServiceName(version);
    addLazyService(server, service, { ServerReflectionInfo: 'bidi' }, () => {
      registrations ??= loadReflection(protoFiles, listed);
      const path = `/${service}/ServerReflectionInfo`;
      const found = registrations.find(({ definition }) =>
        Object.values(definition).some((method) => method.path === path),
      );
      if (found === undefined) throw new Error(`@grpc/reflection registered no ${service}`);
      return found;
    });
  }
}

function loadReflection(protoFiles: readonly string[], listed: readonly string[]): Registration[] {
  const { ReflectionService } = require('@grpc/reflection') as typeof ReflectionPackage;
  // Names as they are written, because a client shows them; the services themselves run on camelCase.
  const protos = loadSync([...protoFiles, ...infrastructureProtoFiles()], { keepCase: true });
  const reflection = new ReflectionService(completeDescriptors(protos), { services: [...listed] });
  return capture((into) => {
    reflection.addToServer(into);
  });
}

/** The protos of reflection and health themselves: a client may describe them too. */
export function infrastructureProtoFiles(): string[] {
  const { protoPath } = require('grpc-health-check') as typeof HealthPackage;
  const reflectionProtos = join(dirname(require.resolve('@grpc/reflection')), '../proto/grpc/reflection');
  return [
    protoPath,
    join(reflectionProtos, 'v1/reflection.proto'),
    join(reflectionProtos, 'v1alpha/reflection.proto'),
  ];
}
