import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { EchoServer } from '../echo-server.ts';
import { TestClient, startTestServer } from '../test-client.ts';

interface GrpcEchoResponse {
  assertions: {
    fullyQualifiedMethod: string;
    headers: { key: string; value: string }[];
    authority: string;
    context: Record<string, string>;
    tlsAssertions: object | null;
  };
}

describe('the services of the documents', () => {
  let server: EchoServer;
  let client: TestClient;

  before(async () => {
    server = await startTestServer();
    client = new TestClient(server.ports[0] ?? 0);
  });

  after(async () => {
    client.close();
    await server.shutdown();
  });

  for (const method of ['Echo', 'EchoV2']) {
    it(`echo.Echo/${method} answers with the text and the pod`, async () => {
      const { responses } = await client.call<object>(`echo.Echo/${method}`, { text: 'hello world' });
      expect(responses).to.deep.equal([{ text: 'hello world', source: 'pod-1' }]);
    });
  }

  it('helloworld.Greeter greets', async () => {
    const { responses } = await client.call<object>('helloworld.Greeter/SayHello', { name: 'world' });
    expect(responses).to.deep.equal([{ message: 'Hello world from pod-1' }]);
  });

  const grpcEcho = 'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho';
  for (const method of ['Echo', 'EchoTwo']) {
    it(`GrpcEcho/${method} tells what the official suite asserts`, async () => {
      const { responses } = await client.call<GrpcEchoResponse>(
        `${grpcEcho}/${method}`,
        {},
        { metadata: { a: 'b' } },
      );
      const assertions = responses[0]?.assertions;
      expect(assertions?.fullyQualifiedMethod).to.equal(`/${grpcEcho}/${method}`);
      expect(assertions?.context).to.include({ namespace: 'ns-1', pod: 'pod-1' });
      expect(assertions?.headers).to.deep.include({ key: 'a', value: 'b' });
      expect(assertions?.headers).to.deep.include({ key: ':authority', value: assertions?.authority });
      expect(assertions?.tlsAssertions).to.equal(null);
    });
  }

  it('GrpcEcho/EchoThree is declared and UNIMPLEMENTED', async () => {
    const outcome = await client.call(`${grpcEcho}/EchoThree`, {});
    expect(outcome.status.code).to.equal(status.UNIMPLEMENTED);
  });

  it('a service that is not configured is UNIMPLEMENTED', async () => {
    const greeterOnly = await startTestServer({ services: ['greeter'] });
    const other = new TestClient(greeterOnly.ports[0] ?? 0);
    expect((await other.call('helloworld.Greeter/SayHello', {})).status.code).to.equal(0);
    expect((await other.call('echo.Echo/Echo', {})).status.code).to.equal(status.UNIMPLEMENTED);
    other.close();
    await greeterOnly.shutdown();
  });
});
