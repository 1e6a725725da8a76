import { Resolver } from 'node:dns/promises';
import { expect } from 'chai';
import { startDnsWhoami } from './dns-whoami.ts';

describe('the name server that says who asks', () => {
  it('answers A questions with the address of the asker, others with nothing', async () => {
    const running = await startDnsWhoami({ DNS_PORT: '0' });
    const resolver = new Resolver({ timeout: 5000, tries: 1 });
    resolver.setServers([`127.0.0.1:${running.port}`]);
    expect(await resolver.resolve4('foo.bar.com')).to.deep.equal(['127.0.0.1']);
    const other = await resolver
      .resolve6('foo.bar.com')
      .catch((error: unknown) => (error as { code: string }).code);
    expect(other).to.equal('ENODATA');
    await running.shutdown();
  });
});
