import type {
  Server,
  ServiceDefinition,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';

/** A service as its package would have added it to a server. */
export interface Registration {
  definition: ServiceDefinition;
  implementation: UntypedServiceImplementation;
}

export type MethodKind = 'unary' | 'serverStream' | 'bidi';

interface Method {
  definition: ServiceDefinition[string];
  handler: UntypedHandleCall;
}

/**
 * Adds a service whose code is loaded by its first call. Reflection and health bring a second copy of the protobuf library
 * each, which would be most of the start-up time, and most pods are never asked.
 */
export function addLazyService(
  server: Server,
  service: string,
  methods: Record<string, MethodKind>,
  load: () => Registration,
): void {
  let loaded: Registration | undefined;
  for (const [name, kind] of Object.entries(methods)) {
    const path = `/${service}/${name}`;
    const method = (): Method => methodAt((loaded ??= load()), path);
    server.register(
      path,
      // Called with the arguments of its kind; only the loaded handler looks at them.
      ((...args: unknown[]) => {
        (method().handler as (...args: unknown[]) => void)(...args);
      }) as UntypedHandleCall,
      (value: unknown) => method().definition.responseSerialize(value),
      (bytes: Buffer) => method().definition.requestDeserialize(bytes) as unknown,
      kind,
    );
  }
}

/** Lets a package register itself, and keeps what it registers. */
export function capture(register: (into: Pick<Server, 'addService'>) => void): Registration[] {
  const registrations: Registration[] = [];
  register({
    addService: (definition, implementation) => {
      registrations.push({ definition, implementation });
    },
  });
  return registrations;
}

function methodAt({ definition, implementation }: Registration, path: string): Method {
  for (const [name, method] of Object.entries(definition)) {
    if (method.path !== path) continue;
    const handler = implementation[name] ?? implementation[method.originalName ?? name];
    if (handler !== undefined) return { definition: method, handler };
  }
  throw new Error(`no handler for ${path}`);
}
