import { expect, scenario } from '../../harness/index.ts';
import type { CallResult } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';

const host = 'greeter.example.com';
const hello = {
  host,
  method: 'helloworld.Greeter/SayHello',
  message: { name: 'routeproof' },
  tls: true,
} as const;
const withHeader = { ...hello, metadata: { testkey1: 'testValue1' } };
const unserved = { status: 'UNIMPLEMENTED', backend: null };

scenario(
  {
    id: 'guides/aws-greeter',
    title: "The AWS page's HelloWorld example routes by header and by method to both ports of the greeter",
    support: 'core',
    clauses: [
      'parentref-profile-lattice-gateway-section',
      'listener-profile-lattice-https-section',
      'backend-profile-lattice-service-port-weight',
      'method-profile-lattice-service-and-method',
      'header-profile-lattice-supported',
      'header-profile-lattice-mixed-case-name',
      'backend-port-is-service-port',
    ],
    anyHost: true,
    manifests: ['aws/my-hotel.yaml', 'aws/greeter-grpc-server.yaml', 'aws/greeter-grpc-route.yaml'],
  },
  async (t) => {
    const greets = {
      also: (result: CallResult) =>
        expect(result.responses[0]).to.have.property('message').that.contains('Hello routeproof'),
    };
    await t.tlsSecret({ name: 'my-hotel-cert' }, [host]);
    await t.apply('aws/my-hotel.yaml');
    await t.apply('aws/greeter-grpc-server.yaml');
    await t.apply('aws/greeter-grpc-route.yaml');
    await t.gatewayMustBeProgrammed('my-hotel');
    await t.routeMustBeAccepted('greeter-grpc-route');
    await t.listenerMustHaveAttachedRoutes('my-hotel', 'https', 1);
    await t.listenerMustHaveAttachedRoutes('my-hotel', 'http', 0);
    await t.callMust(hello, greets);
    await t.callMust(withHeader, greets);

    // The header rule takes every method, the method rule only SayHello.
    const list = ['-insecure', '-authority', host, 'GATEWAY:443', 'list'];
    const listed = await t.grpcurl(['-H', 'testKey1: testValue1', ...list]);
    await t.check(
      'reflection is served with the header',
      () => expect(listed.stdout).to.contain('helloworld.Greeter'),
      'routed',
    );
    for (const header of ['testKey1: testvalue1', 'testKey2: testValue1']) {
      const refused = await t.grpcurl(['-H', header, ...list]);
      await t.check(
        `reflection is not served with ${header}`,
        () => expect(refused.exitCode).not.to.equal(0),
        'routed',
      );
    }
    await t.callMustAlways({ host, method: hello.method, message: hello.message }, unserved, 3);

    const route = await t.get<Route>({ kind: 'GRPCRoute', name: 'greeter-grpc-route' });
    const annotations = Object.keys(route.metadata?.annotations ?? {}).join(', ');
    t.note(
      `The page's annotation with a domain name is that product's own. Annotations here: ${annotations || 'none'}.`,
    );
  },
);
