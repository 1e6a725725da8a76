import { createRequire } from 'node:module';
import type { Server } from '@grpc/grpc-js';
import type * as HealthPackage from 'grpc-health-check';
import type { HealthImplementation, ServingStatus } from 'grpc-health-check';
import { addLazyService, capture } from './lazy.ts';

const require = createRequire(import.meta.url);
export const healthServiceName = 'grpc.health.v1.Health';

/** grpc.health.v1 for the whole server ('') and each of its services; all share one state. */
export class Health {
  readonly #services: readonly string[];
  #status: ServingStatus = 'SERVING';
  #implementation: HealthImplementation | undefined;

  constructor(services: readonly string[]) {
    this.#services = ['', ...services];
  }

  setStatus(status: ServingStatus): void {
    this.#status = status;
    for (const service of this.#services) this.#implementation?.setStatus(service, status);
  }

  addTo(server: Server): void {
    addLazyService(
      server,
      healthServiceName,
      { Check: 'unary', Watch: 'serverStream', List: 'unary' },
      () => {
        const implementation = this.#load();
        const [registration] = capture((into) => {
          implementation.addToServer(into);
        });
        if (registration === undefined) throw new Error('grpc-health-check registered no service');
        return registration;
      },
    );
  }

  #load(): HealthImplementation {
    if (this.#implementation !== undefined) return this.#implementation;
    const { HealthImplementation: Implementation } = require('grpc-health-check') as typeof HealthPackage;
    const statuses = Object.fromEntries(this.#services.map((service) => [service, this.#status]));
    this.#implementation = new Implementation(statuses);
    return this.#implementation;
  }
}
