import { expect, scenario } from '../../harness/index.ts';
import { refused } from '../expected.ts';
import { echo } from '../methods.ts';

scenario(
  {
    id: 'hostname/authority-case',
    title: 'The letter case of :authority does not matter, over TLS and with a port as well',
    support: 'core',
    clauses: ['hostname-authority-case-insensitive', 'hostname-authority-port-ignored'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('lower-case-host');
    await t.routeMustBeAccepted('one-method-under-wildcard');

    // Where calls fall through to a wildcard, they do so in capitals; whether they do is judged by precedence/hostname-falls-through.
    const beneath = 'b.wild.example.com';
    const fallen = await t.call({ host: beneath });
    const hosts = ['a.example.com', 'x.wild.example.com', ...(fallen.backend === 'v1' ? [beneath] : [])];
    for (const host of hosts) {
      await t.callMust({ host }, { backend: 'v1' });
      const upper = host.toUpperCase();
      await t.callMust(
        { host: upper },
        {
          backend: 'v1',
          also: (result) => {
            expect(result.record.authority, 'the authority as it was sent').to.match(/[A-Z]/);
          },
        },
      );
      await t.callMustAlways({ host: upper, method: echo }, refused, 3);
      await t.callMust({ host: `${upper}:8080` }, { backend: 'v1' });
      await t.callMust({ host: upper, tls: { serverName: t.host(host) } }, { backend: 'v1' });
    }
  },
);
