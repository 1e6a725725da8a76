import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import descriptor from 'protobufjs/ext/descriptor.js';
import type { EchoServer } from '../echo-server.ts';
import { TestClient, startTestServer } from '../test-client.ts';

interface ReflectionResponse {
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
  errorResponse?: { errorCode: number };
}

const guide = ['echo', 'reflection-v1alpha'] as const;

describe('health and reflection', () => {
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

  const reflect = async (version: string, request: object): Promise<ReflectionResponse | undefined> => {
    const path = `grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    return (await client.call<ReflectionResponse>(path, request)).responses[0];
  };

  it('health knows the server, each service, and no other', async () => {
    const check = (service: string) => client.call('grpc.health.v1.Health/Check', { service });
    expect((await check('')).responses).to.deep.equal([{ status: 'SERVING' }]);
    expect((await check('echo.Echo')).responses).to.deep.equal([{ status: 'SERVING' }]);
    expect((await check('no.Such')).status.code).to.equal(status.NOT_FOUND);
  });

  for (const version of ['v1', 'v1alpha']) {
    it(`reflection ${version} lists every service`, async () => {
      const names = (await reflect(version, { listServices: '' }))?.listServicesResponse?.service.map(
        ({ name }) => name,
      );
      expect(names).to.have.members([
        'echo.Echo',
        'helloworld.Greeter',
        'gateway_api_conformance.echo_basic.grpcecho.GrpcEcho',
        'routeproof.v1.Probe',
        'routeproof.v1.ProbeTwo',
        'routeproof.v1.Ledger',
        'grpc.health.v1.Health',
        'grpc.reflection.v1.ServerReflection',
        'grpc.reflection.v1alpha.ServerReflection',
      ]);
    });
  }

  it('reflection names imports, full types and map entries, which Go clients need', async () => {
    const response = await reflect('v1', { fileContainingSymbol: 'routeproof.v1.Probe' });
    const files = (response?.fileDescriptorResponse?.fileDescriptorProto ?? []).map((bytes) =>
      descriptor.FileDescriptorProto.decode(bytes).toJSON(),
    );
    const own = files.find((file) => file['package'] === 'routeproof.v1');
    expect(files.map((file) => file['name'] as string)).to.include.members(own?.['dependency'] as string[]);
    expect(JSON.stringify(own))
      .to.include('"typeName":".google.protobuf.Any"')
      .and.include('"name":"status_details"');
    const health = await reflect('v1', { fileContainingSymbol: 'grpc.health.v1.Health' });
    expect(health?.fileDescriptorResponse?.fileDescriptorProto[0]?.toString('latin1')).to.include(
      'StatusesEntry',
    );
  });

  it('reflection says when it does not know a symbol', async () => {
    const response = await reflect('v1', { fileContainingSymbol: 'no.Such' });
    expect(response?.errorResponse?.errorCode).to.equal(status.NOT_FOUND);
  });

  it('as the guide’s image lists what the guide shows', async () => {
    const guideServer = await startTestServer({ services: [...guide] });
    const guideClient = new TestClient(guideServer.ports[0] ?? 0);
    const { responses } = await guideClient.call<ReflectionResponse>(
      'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
      { listServices: '' },
    );
    expect(responses[0]?.listServicesResponse?.service.map(({ name }) => name)).to.deep.equal([
      'echo.Echo',
      'grpc.reflection.v1alpha.ServerReflection',
    ]);
    const v1 = await guideClient.call('grpc.reflection.v1.ServerReflection/ServerReflectionInfo', {});
    expect(v1.status.code).to.equal(status.UNIMPLEMENTED);
    guideClient.close();
    await guideServer.shutdown();
  });
});
