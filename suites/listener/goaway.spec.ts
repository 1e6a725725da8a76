import { expect, scenario } from '../../harness/index.ts';
import type { Gateway } from '../shapes.ts';

/** More than a gateway needs that says GOAWAY with its next answer. */
const calls = 10;
const wholePort = 'a port that goes as a whole';

scenario(
  {
    id: 'listener/goaway',
    title:
      'A client whose listener is taken away, over TLS or in the clear, is told by GOAWAY before its connection ends',
    support: 'core',
    clauses: ['connection-goaway-before-close', 'connection-goaway-port-removed'],
    guards: ['envoyproxy/envoy#14350'],
    backends: ['v1'],
  },
  async (t) => {
    await t.tlsSecret({ name: 'cert' }, ['stays.example.com', 'goes.example.com']);
    await t.apply();
    await t.gatewayMustBeProgrammed('edge');
    await t.callMust({ host: 'goes.example.com', tls: true }, { backend: 'v1' });
    await t.callMust({ host: 'plain.example.com', port: 8080 }, { backend: 'v1' });
    const path = '/routeproof.v1.Probe/BidiStream';
    const connections = {
      'a shared port': await t.hold({ host: 'goes.example.com', path, tls: {} }),
      [wholePort]: await t.hold({ host: 'plain.example.com', path, port: 8080 }),
    };
    for (const held of Object.values(connections)) {
      const before = await held.ask();
      await t.check('the connection serves calls', () => expect(before.httpStatus).to.equal(200), 'http2');
    }

    await t.update<Gateway>({ kind: 'Gateway', name: 'edge' }, ({ spec }) => {
      spec.listeners = spec.listeners.filter(({ name }) => name === 'stays');
    });
    await t.gatewayMustBeProgrammed('edge');
    await t.barrier({ gateway: 'edge', listener: 'stays', host: 'stays.example.com' });
    for (const [port, held] of Object.entries(connections)) {
      for (let made = 0; made < calls && held.isOpen && !held.isLeaving; made += 1) await held.ask();
      const mustBeTold = (): Promise<void> =>
        t.check(
          `the connection to ${port} stays, or ends after GOAWAY`,
          () => {
            expect(
              held.isOpen || held.isLeaving,
              'a connection with a call in flight ended without GOAWAY',
            ).to.equal(true);
          },
          'connect',
        );
      // A load balancer in front may end connections to a port that it does not have any more.
      if (port === wholePort) await t.implied(['connection-goaway-port-removed'], mustBeTold);
      else await mustBeTold();
      t.note(
        `${port}: ${held.isLeaving ? 'GOAWAY came.' : `the connection goes on after ${String(calls)} calls.`}`,
      );
    }
  },
);
