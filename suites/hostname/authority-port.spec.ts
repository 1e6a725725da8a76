import { scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';

scenario(
  {
    id: 'hostname/authority-port',
    title: 'A port in :authority is no part of the hostname, over TLS as well',
    support: 'core',
    clauses: ['hostname-authority-port-ignored'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('portless-host');
    await t.routeMustBeAccepted('one-method-under-wildcard');

    // grpcurl and most gRPC clients put the dialled port into :authority.
    for (const host of [
      'a.example.com',
      'a.example.com:80',
      'a.example.com:8080',
      'x.wild.example.com:50051',
    ]) {
      await t.callMust({ host }, { backend: 'v1' });
    }
    // Whether it falls through to the wildcard is judged by precedence/hostname-falls-through.
    const fallen = await t.call({ host: 'b.wild.example.com' });
    if (fallen.backend === 'v1') await t.callMust({ host: 'b.wild.example.com:8080' }, { backend: 'v1' });
    await t.callMustAlways({ host: 'b.example.com:80' }, refused, 3);
    for (const host of ['a.example.com', 'x.wild.example.com']) {
      const tls = { serverName: t.host(host) };
      await t.callMust({ host: `${host}:443`, tls }, { backend: 'v1' });
    }
  },
);
