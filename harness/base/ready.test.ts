import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { KubeClient } from '../kube/client.ts';
import { FakeApi } from '../kube/fake-api.fixture.ts';
import { Watches } from '../kube/watches.ts';
import { FakeClock } from '../wait/fake-clock.fixture.ts';
import { troubleOfSelected } from './pod-trouble.ts';
import { classAccepted, echoPodsReady, sharedGatewayReady, type ReadyOptions } from './ready.ts';

const base = '/api/v1/namespaces/routeproof-base';
const gateways = '/apis/gateway.networking.k8s.io/v1';

describe('waiting for the base', () => {
  const api = new FakeApi();
  let options: ReadyOptions;

  beforeEach(async () => {
    const kube = new KubeClient({ server: await api.start(), options: {} });
    options = {
      kube,
      watches: new Watches(kube),
      clock: new FakeClock(),
      signal: new AbortController().signal,
      limitMs: 3000,
    };
  });
  afterEach(async () => {
    options.watches.stop();
    options.kube.close();
    api.objects.clear();
    await api.stop();
  });

  async function failureOf(waiting: Promise<unknown>): Promise<RouteproofError> {
    const failure: unknown = await waiting.catch((error: unknown) => error);
    if (failure instanceof RouteproofError) return failure;
    throw new Error('no RouteproofError', { cause: failure });
  }

  function pod(name: string, labels: Record<string, string>, containerStatus: object): void {
    api.objects.set(`${base}/pods/${name}`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'routeproof-base', uid: name, labels },
      status: { phase: 'Pending', containerStatuses: [{ name: 'c', ready: false, ...containerStatus }] },
    });
  }

  it('names the Gateway that has no address, what was seen, and why its proxy does not run', async () => {
    api.objects.set(`${gateways}/namespaces/routeproof-base/gateways/shared`, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'shared', namespace: 'routeproof-base', uid: 'shared', generation: 1 },
    });
    pod(
      'proxy',
      { 'gateway.networking.k8s.io/gateway-name': 'shared' },
      {
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
        lastState: { terminated: { exitCode: 7, reason: 'Error', message: 'cannot bind\n' } },
      },
    );
    const { code, message } = await failureOf(sharedGatewayReady(options));
    expect(code).to.equal('GATEWAY_NO_ADDRESS');
    expect(message.split('\n').slice(0, 4)).to.deep.equal([
      'Gateway routeproof-base/shared: it was not Programmed with an address within 3 s',
      '  seen: addresses: none; no conditions',
      '        pod routeproof-base/proxy, container c: CrashLoopBackOff; its last run ended with exit code 7 (Error); restarts: 4',
      '          | cannot bind',
    ]);
  });

  it('names the backend that is not ready, and why its image is not there', async () => {
    const state = { waiting: { reason: 'ImagePullBackOff', message: 'image "x" is not known' } };
    for (const app of ['echo-1', 'echo-2', 'echo-3', 'echo-4']) pod(app, { app }, { state });
    const { code, message } = await failureOf(echoPodsReady(options));
    expect(code).to.equal('BACKEND_NOT_READY');
    expect(message).to.match(
      /^Deployment routeproof-base\/(echo-\d): no pod of it was ready within 3 s\n {2}seen: pod routeproof-base\/\1, container c: ImagePullBackOff; image "x" is not known\n {2}try:/,
    );
  });

  it('says that there is no pod at all', async () => {
    expect((await failureOf(echoPodsReady(options))).seen).to.match(
      /^no pod in routeproof-base has app=echo-/,
    );
  });

  it('says why the controller that was installed does not accept its class', async () => {
    api.objects.set(`${gateways}/gatewayclasses/mine`, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'mine', generation: 1 },
    });
    pod('controller', { app: 'mine' }, { state: { terminated: { exitCode: 1, message: 'no licence' } } });
    const why = () => troubleOfSelected(options.kube, 'routeproof-base', { app: 'mine' });
    const { code, seen } = await failureOf(classAccepted('mine', options, why));
    expect(code).to.equal('GATEWAYCLASS_NOT_ACCEPTED');
    expect(seen).to.match(
      /^no conditions\n.*pod routeproof-base\/controller, .*exit code 1\n.*\| no licence$/,
    );
  });
});
