import { expect } from 'chai';
import { pino } from 'pino';
import type { GatewayClass } from '../translate/model/gateway-api.ts';
import { ClassFinalizers, gatewaysExist } from './class-finalizers.ts';
import { FakeApiServer } from './fake-api-server.fixture.ts';
import type { KubeObject } from './object-store.ts';

type Class = GatewayClass & KubeObject;

const controllerName = 'example.com/ours';

function classOf(name: string, metadata: Partial<Class['metadata']> = {}, by = controllerName): Class {
  return { metadata: { name, resourceVersion: '1', ...metadata }, spec: { controllerName: by } };
}

describe('ClassFinalizers', () => {
  let api: FakeApiServer;
  let finalizers: ClassFinalizers;
  let failures: number;

  beforeEach(async () => {
    api = await FakeApiServer.start();
    failures = 0;
    finalizers = new ClassFinalizers({
      client: api.client,
      controllerName,
      failed: () => (failures += 1),
      log: pino({ level: 'silent' }),
    });
  });

  afterEach(() => api.stop());

  it('holds a class that a Gateway uses, beside what others hold it with, and no foreign one', async () => {
    const used = classOf('used', { finalizers: ['example.com/mine'] });
    finalizers.keep(
      [classOf('foreign', {}, 'example.com/theirs'), classOf('unused'), used],
      new Set(['used', 'foreign']),
    );
    const request = await api.next();
    expect(request.path).to.equal('/apis/gateway.networking.k8s.io/v1/gatewayclasses/used');
    expect(request.body).to.deep.equal({
      metadata: { resourceVersion: '1', finalizers: ['example.com/mine', gatewaysExist] },
    });
    request.answer(200, {});
  });

  it('lets go of a class with its last Gateway, and asks once for each version', async () => {
    const held = classOf('a', { finalizers: [gatewaysExist], deletionTimestamp: '2026-01-01T00:00:00Z' });
    finalizers.keep([held], new Set(['a']));
    finalizers.keep([held], new Set());
    finalizers.keep([held], new Set());
    const first = await api.next();
    expect(first.body).to.deep.equal({ metadata: { resourceVersion: '1', finalizers: [] } });
    first.answer(200, {});
    finalizers.keep([classOf('a', { ...held.metadata, resourceVersion: '2' })], new Set());
    const second = await api.next();
    expect(second.body).to.deep.equal({ metadata: { resourceVersion: '2', finalizers: [] } });
    second.answer(200, {});
  });

  it('adds nothing to a class that is being deleted', async () => {
    const going = classOf('going', { deletionTimestamp: '2026-01-01T00:00:00Z' });
    finalizers.keep([going], new Set(['going']));
    finalizers.keep([classOf('marker')], new Set(['marker']));
    const request = await api.next();
    expect(request.path).to.contain('/marker');
    request.answer(200, {});
  });

  it('tries again after a conflict, with the same version if need be', async () => {
    const used = classOf('used');
    finalizers.keep([used], new Set(['used']));
    (await api.next()).answer(409, { message: 'conflict' });
    // What was refused is forgotten as soon as the answer is there; the next event asks again.
    const again = api.next();
    while (!(await Promise.race([again.then(() => true), new Promise((r) => setImmediate(() => r(false)))])))
      finalizers.keep([used], new Set(['used']));
    (await again).answer(200, {});
    expect(failures).to.equal(0);
  });
});
