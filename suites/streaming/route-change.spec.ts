import { expect, scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { mustGoOn } from '../open-streams.ts';
import type { Route } from '../shapes.ts';

const host = 'stream.example.com';
const neighbour = { kind: 'GRPCRoute', name: 'neighbour' };

scenario(
  {
    id: 'streaming/route-change',
    title:
      'An open stream, in the clear or over TLS, goes on while other routes, rules and endpoints come, change and go',
    support: 'core',
    clauses: ['streaming-survives-route-change', 'grpc-status-intact'],
    backends: ['v1', 'v2'],
    guards: ['envoyproxy/envoy#14350'],
    manifests: ['route-change.yaml', 'route-change.neighbour.yaml'],
  },
  async (t) => {
    const servedBy = async (of: string, backend: string): Promise<void> => {
      await t.callMust({ host: of }, { backend });
      await t.callMust({ host: of, tls: true }, { backend });
    };
    const hasArrived = async (): Promise<void> => {
      await t.barrier();
      await t.barrier({ tls: true });
    };
    await pointTo(t, 'pool', 'v1');
    await t.apply('route-change.yaml');
    await t.routeMustBeAccepted('with-the-stream');
    await t.callMust({ host, method: 'routeproof.v1.Probe/BidiStream' }, { backend: 'v1' });
    await servedBy(host, 'v1');
    const streams = [await t.openStream({ host }), await t.openStream({ host, tls: true })];
    const goesOn = (after: string): Promise<void> =>
      t.implied(['streaming-survives-route-change'], () => mustGoOn(t, streams, after));
    await goesOn('at first');

    await t.apply('route-change.neighbour.yaml');
    await servedBy('neighbour.example.com', 'v2');
    await goesOn('after another route has come');

    await t.update<Route>(neighbour, (route) => {
      route.spec.rules = [{ backendRefs: [{ name: 'v1', port: 9000 }] }];
    });
    await servedBy('neighbour.example.com', 'v1');
    await goesOn('after another route has changed');

    await t.update<Route>({ kind: 'GRPCRoute', name: 'with-the-stream' }, (route) => {
      const backendRef = route.spec.rules?.[1]?.backendRefs?.[0];
      if (backendRef !== undefined) backendRef.name = 'v2';
    });
    await servedBy(host, 'v2');
    await goesOn('after another rule of its route has changed');

    await t.remove(neighbour);
    await hasArrived();
    await goesOn('after another route has gone');

    await pointTo(t, 'pool', 'v1', 'v2');
    await hasArrived();
    await goesOn('after its Service has got another endpoint');
    await pointTo(t, 'pool', 'v1');
    await hasArrived();
    await goesOn('after its Service has lost that endpoint');
    await t.implied(['streaming-survives-route-change'], async () => {
      const ends = await Promise.all(streams.map((stream) => stream.finish()));
      await t.check(
        'the streams end well',
        () => {
          for (const end of ends) expect(end).to.include({ status: 0 });
        },
        'trailers',
      );
    });

    const fresh = await t.openStream({ host });
    const [answer, end] = [await fresh.echo('fresh').catch(String), await fresh.finish()];
    await t.check('a stream that is opened after all that ends as the backend says', () => {
      expect(answer).to.include({ text: 'fresh' });
      expect(end).to.include({ status: 0 });
    });
  },
);
