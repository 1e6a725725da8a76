import { expect } from 'chai';
import { RouteproofError } from '../../common/errors.ts';
import { connectedTo, connectToText, parseConnectTo } from './connect-to.ts';

describe('--connect-to', () => {
  const rules = [
    '*:80=localhost:8080',
    '10.97.0.1=gateway.example.com',
    '10.97.0.1:443=[::1]:8443',
    '*=192.0.2.1',
  ].map(parseConnectTo);
  const to = (address: string, port: number, of: 'gateway' | 'pod' = 'gateway') =>
    connectedTo(rules, { address, port }, of);

  it('takes the rule that says most about an address', () => {
    expect(to('10.97.0.1', 443)).to.deep.equal({ address: '::1', port: 8443 });
    expect(to('10.97.0.1', 80)).to.deep.equal({ address: 'gateway.example.com', port: 80 });
    expect(to('10.97.0.2', 80)).to.deep.equal({ address: 'localhost', port: 8080 });
    expect(to('10.97.0.2', 81)).to.deep.equal({ address: '192.0.2.1', port: 81 });
  });

  it('means Gateways alone by *, and pods where their address is written', () => {
    expect(to('10.244.0.7', 9000, 'pod')).to.equal(undefined);
    expect(to('10.97.0.1', 443, 'pod')).to.deep.equal({ address: '::1', port: 8443 });
  });

  it('is written again as it was read', () => {
    const texts = ['*:80=localhost:8080', '10.97.0.1:443=[::1]:8443', '[fd00::1]=gw'];
    expect(texts.map((text) => connectToText(parseConnectTo(text)))).to.deep.equal(texts);
  });

  for (const text of ['', 'a', 'a=b=c', 'a:0=b', 'a:65536=b', 'a=*', '::1=b', 'a=b c', 'a:80:90=b']) {
    it(`refuses ${text === '' ? 'nothing' : text}, with an example`, () => {
      expect(() => parseConnectTo(text))
        .to.throw(RouteproofError, /ADDRESS\[:PORT\]=ADDRESS\[:PORT\]/)
        .with.property('code', 'USAGE');
    });
  }
});
