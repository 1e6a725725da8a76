import type { KubernetesObject } from '../../harness/index.ts';
import { expect, scenario } from '../../harness/index.ts';
import type { CallResult, Scenario } from '../../harness/index.ts';
import { certificateOfTheGuide, grpcurl, kubectl } from './commands.ts';

const host = 'grpc.example.com';
const authority = ['-authority', host];
const canary = ['-H', 'env: canary'];

interface Answer {
  text: string;
  source: string;
}

interface Endpoints extends KubernetesObject {
  subsets?: { addresses?: object[] }[];
}

const call = (method: string, text: string, metadata: Record<string, string> = {}) => ({
  host,
  method: `echo.Echo/${method}`,
  message: { text },
  metadata,
  tls: true as const,
});
const sourceOf = (result: CallResult): string => (result.responses[0] as Answer | undefined)?.source ?? '';
const answeredBy = (version: string) => ({
  also: (result: CallResult) => expect(sourceOf(result)).to.match(new RegExp(`^grpc-echo-${version}-`)),
});

/** The guide's echo calls: `-d '{"text": ...}' $GATEWAY_IP:443 echo.Echo/METHOD`. */
async function echo(t: Scenario, text: string, method: string, ...flags: string[]): Promise<Answer> {
  const data = ['-d', JSON.stringify({ text })];
  return JSON.parse(
    await grpcurl(t, ...flags, ...authority, ...data, 'GATEWAY:443', `echo.Echo/${method}`),
  ) as Answer;
}

scenario(
  {
    id: 'guides/kgateway-walkthrough',
    title: 'The three scenarios of the kgateway guide work as printed, with every command',
    support: 'core',
    clauses: [
      'class-profile-kgateway-auto-created',
      'gateway-profile-kgateway-address',
      'grpcroute-profile-kgateway-host-routing',
      'header-profile-kgateway-exact',
      'method-profile-kgateway-service-and-method',
      'method-profile-kgateway-reflection',
      'status-profile-kgateway-conditions',
      'status-profile-kgateway-controllername',
      'listener-profile-kgateway-https-only',
      'tls-profile-kgateway-authority-and-sni',
      'grpcroute-update-takes-effect',
      'grpcroute-delete-stops-traffic',
    ],
    guards: ['kgateway-dev/kgateway.dev#662', 'kubernetes-sigs/gateway-api#3805'],
    manifests: [
      'kgateway/gatewayclass.yaml',
      'kgateway/echo-server.yaml',
      'kgateway/gateway.yaml',
      'kgateway/route-basic.yaml',
      'kgateway/v2-deployment.yaml',
      'kgateway/v2-service.yaml',
      'kgateway/route-content-based.yaml',
      'kgateway/route-reflection.yaml',
    ],
  },
  async (t) => {
    await t.apply('kgateway/gatewayclass.yaml');
    await t.apply('kgateway/echo-server.yaml');
    await hostnameBasedRouting(t);
    await contentBasedRouting(t);
    await reflection(t);
    await cleanup(t);
  },
);

/** Scenario 1: one hostname, one Service. */
async function hostnameBasedRouting(t: Scenario): Promise<void> {
  await certificateOfTheGuide(t);
  await t.apply('kgateway/gateway.yaml');
  await t.apply('kgateway/route-basic.yaml');
  const address = await t.gatewayMustBeProgrammed('grpc-gateway');
  await t.routeMustBeAccepted('echo-route');
  const jsonpath = ['-o', 'jsonpath={.status.addresses[0].value}'];
  const gatewayIp = await kubectl(t, ['get', 'gateway', 'grpc-gateway', ...jsonpath]);
  await t.check(
    'GATEWAY_IP is the address of the Gateway',
    () => expect(gatewayIp).to.equal(address),
    'programmed',
  );
  await t.callMust(call('Echo', 'ready?'), answeredBy('v1'));
  const answer = await echo(t, 'hello world', 'Echo');
  await t.check(
    'hello world comes from the v1 pod',
    () => {
      expect(answer.text).to.equal('hello world');
      expect(answer.source).to.match(/^grpc-echo-v1-/);
    },
    'backend',
  );
  t.note(
    `The guide shows the controllerName kgateway.dev/kgateway-controller. Gateway API asks for that of the class alone, here ${t.controllerName}.`,
  );
  const status = await kubectl(t, ['get', 'grpcroute', 'echo-route', '-o', 'yaml']);
  await t.check(
    'the route status reads as printed',
    () => {
      for (const text of [
        'name: grpc-gateway',
        'type: Accepted',
        'type: ResolvedRefs',
        'reason: Accepted',
        'reason: ResolvedRefs',
      ]) {
        expect(status).to.contain(text);
      }
      expect(status)
        .to.contain(`controllerName: ${t.controllerName}`)
        .and.to.contain('observedGeneration: 1');
    },
    'status',
  );
}

/** Scenario 2: a header, a method, and everything else. */
async function contentBasedRouting(t: Scenario): Promise<void> {
  await t.apply('kgateway/v2-deployment.yaml');
  await t.apply('kgateway/v2-service.yaml');
  await t.apply('kgateway/route-content-based.yaml');
  await t.routeMustBeAccepted('echo-route');
  await t.callMust(call('Echo', 'ready?', { env: 'canary' }), answeredBy('v2'));
  const byHeader = await echo(t, 'hello canary', 'Echo', ...canary);
  const byMethod = await echo(t, 'hello method', 'EchoV2');
  await t.check(
    'header and method reach the v2 pod',
    () => {
      expect(byHeader.text).to.equal('hello canary');
      expect(byMethod.text).to.equal('hello method');
      for (const { source } of [byHeader, byMethod]) expect(source).to.match(/^grpc-echo-v2-/);
    },
    'routed',
  );

  const byDefault = await echo(t, 'hello default', 'Echo');
  await t.check('the default rule answers', () => expect(byDefault.text).to.equal('hello default'), 'routed');
  t.note(
    'The guide says the default rule reaches the v1 pod. Its Service grpc-echo selects app: grpc-echo only, and v2 has that ' +
      'label too: the default rule reaches both versions.',
  );
  const endpoints = { kind: 'Endpoints', apiVersion: 'v1', name: 'grpc-echo' };
  await t.until<Endpoints>(
    endpoints,
    'both pods are endpoints',
    ({ subsets }) => subsets?.[0]?.addresses?.length === 2,
    'backend',
  );
  const sources = new Set<string>();
  await t.callMust(call('Echo', 'who answers?'), {
    also: (result) => {
      sources.add(sourceOf(result).split('-').slice(0, 3).join('-'));
      expect([...sources].sort()).to.deep.equal(['grpc-echo-v1', 'grpc-echo-v2']);
    },
  });
  await t.callMustAlways(call('EchoV2', 'still v2'), answeredBy('v2'));
}

/** Scenario 3: grpcurl without .proto files. */
async function reflection(t: Scenario): Promise<void> {
  await grpcurl(t, ...authority, 'GATEWAY:443', 'list');
  t.note(
    'The guide says a rule for the reflection service must be added first; the default rule of its scenario 2 routes ' +
      'reflection already, so `list` works before that rule is there.',
  );
  await t.apply('kgateway/route-reflection.yaml');
  await t.routeMustBeAccepted('echo-route');
  const services = await grpcurl(t, ...authority, 'GATEWAY:443', 'list');
  const service = await grpcurl(t, ...authority, 'GATEWAY:443', 'describe', 'echo.Echo');
  const message = await grpcurl(t, ...authority, 'GATEWAY:443', 'describe', 'echo.EchoRequest');
  await t.check(
    'list and describe print what the guide shows',
    () => {
      expect(services.split('\n')).to.deep.equal(['echo.Echo', 'grpc.reflection.v1alpha.ServerReflection']);
      expect(withoutSpace(service)).to.equal(
        withoutSpace(`echo.Echo is a service:
        service Echo {
          rpc Echo (.echo.EchoRequest ) returns (.echo.EchoResponse );
          rpc EchoV2 (.echo.EchoRequest ) returns (.echo.EchoResponse );
        }`),
      );
      expect(withoutSpace(message)).to.equal(
        withoutSpace('echo.EchoRequest is a message: message EchoRequest { string text = 1; }'),
      );
    },
    'backend',
  );
}

/** The guide's last block: nothing serves afterwards. */
async function cleanup(t: Scenario): Promise<void> {
  await kubectl(t, ['delete', 'grpcroute', 'echo-route']);
  await t.callMust(call('Echo', 'gone?'), { status: 'UNIMPLEMENTED', backend: null });
  await kubectl(t, ['delete', 'gateway', 'grpc-gateway']);
  await kubectl(t, ['delete', 'service', 'grpc-echo', 'grpc-echo-v2']);
  await kubectl(t, ['delete', 'deployment', 'grpc-echo-v1', 'grpc-echo-v2']);
  await kubectl(t, ['delete', 'secret', 'grpc-example-com-cert']);
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '');
}
