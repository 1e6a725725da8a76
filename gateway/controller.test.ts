import { expect } from 'chai';
import { pino } from 'pino';
import { Controller } from './controller.ts';
import { healthyPipeline } from './pipeline.ts';
import { FakeApiServer } from './provider/fake-api-server.fixture.ts';
import type { Received } from './provider/fake-api-server.fixture.ts';

describe('Controller', () => {
  let api: FakeApiServer;

  beforeEach(async () => {
    api = await FakeApiServer.start();
  });

  afterEach(() => api.stop());

  it('leads only once it can read all that it needs', async () => {
    const asked: string[] = [];
    const isLease = (path: string): boolean => path.includes('/leases');
    let serves = (path: string): boolean => !path.endsWith('/referencegrants');
    const answer = ({ method, path, query, body, answer: send }: Received): void => {
      asked.push(path);
      if (query.has('watch')) return;
      if (method !== 'GET') send(200, body);
      else if (isLease(path) || path.includes('/secrets/')) send(404, { message: 'not found' });
      else if (serves(path)) send(200, { metadata: { resourceVersion: '1' }, items: [] });
      else send(404, { message: '404 page not found' });
    };
    const serve = async (until: () => boolean): Promise<void> => {
      while (!until()) answer(await api.next());
    };
    const starting = Controller.start({
      pipeline: healthyPipeline(),
      api: api.client.config,
      controllerName: 'example.com/controller',
      proxyImage: 'envoy',
      serviceName: 'controller',
      xdsPort: 0,
      pod: { name: 'controller-1', address: '127.0.0.1' },
      log: pino({ level: 'silent' }),
    });
    await serve(() => asked.filter((path) => path.endsWith('/referencegrants')).length >= 4);
    expect(asked.filter(isLease)).to.deep.equal([]);

    serves = () => true;
    await serve(() => asked.some(isLease));
    const controller = await starting;
    let stopped = false;
    const stopping = controller.stop().then(() => (stopped = true));
    await Promise.race([stopping, serve(() => stopped)]);
  });
});
