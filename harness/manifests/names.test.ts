import { expect } from 'chai';
import { Names, newNonce, ownNamespace } from './names.ts';

const names = new Names({
  id: 'header/exact',
  nonce: 'bcdfgh',
  gatewayClass: 'acme',
  controllerName: 'acme.test/ctl',
});

describe('names of a scenario', () => {
  const hosts: [written: string, real: string][] = [
    ['shop.example.com', 'shop.bcdfgh.example.com'],
    ['a.b.example.com', 'a.b.bcdfgh.example.com'],
    ['*.example.com', '*.bcdfgh.example.com'],
    ['example.com', 'bcdfgh.example.com'],
    ['Shop.EXAMPLE.com', 'Shop.bcdfgh.EXAMPLE.com'],
    ['shop.example.com:8080', 'shop.bcdfgh.example.com:8080'],
    ['shop.example.com.', 'shop.bcdfgh.example.com.'],
    ['shop.example.org', 'shop.example.org'],
    ['notexample.com', 'notexample.com'],
    ['*.com', '*.com'],
    ['', ''],
  ];
  for (const [written, real] of hosts) {
    it(`maps the host "${written}" to "${real}", and once only`, () => {
      expect(names.host(written)).to.equal(real);
      expect(names.host(real)).to.equal(real);
    });
  }

  it('maps hosts inside a command line', () => {
    expect(names.hostsIn("-authority shop.example.com -H 'x: y.example.com:80' notexample.com")).to.equal(
      "-authority shop.bcdfgh.example.com -H 'x: y.bcdfgh.example.com:80' notexample.com",
    );
    expect(names.hostsIn('shop.example.com.evil.org')).to.equal('shop.example.com.evil.org');
  });

  it('maps namespaces, and leaves the common ones', () => {
    expect(names.namespace()).to.equal('rp-header-exact-bcdfgh');
    expect(names.namespace('default')).to.equal('rp-header-exact-bcdfgh');
    expect(names.namespace('other')).to.equal('rp-header-exact-bcdfgh-other');
    expect(names.namespace(names.namespace('other'))).to.equal('rp-header-exact-bcdfgh-other');
    expect(names.namespace('routeproof-base')).to.equal('routeproof-base');
    expect(names.namespace('kube-system')).to.equal('kube-system');
  });

  it('puts the namespace of the shared Gateway in place of the written one', () => {
    const elsewhere = new Names({
      id: 'header/exact',
      nonce: 'bcdfgh',
      gatewayClass: 'acme',
      controllerName: 'acme.test/controller',
      base: 'acme-base',
    });
    expect(elsewhere.namespace('routeproof-base')).to.equal('acme-base');
    expect(elsewhere.namespace(elsewhere.namespace('routeproof-base'))).to.equal('acme-base');
  });

  it('puts the class and controller under test in place of ours', () => {
    expect(names.className('routeproof')).to.equal('acme');
    expect(names.className('kgateway')).to.equal('kgateway-bcdfgh');
    expect(names.className('kgateway-bcdfgh')).to.equal('kgateway-bcdfgh');
    expect(names.controller('routeproof.dev/gateway-controller')).to.equal('acme.test/ctl');
    expect(names.controller('foreign.test/ctl')).to.equal('foreign.test/ctl');
  });

  it('keeps namespaces short enough for a suffix', () => {
    const own = ownNamespace('cross-namespace/a-very-long-name-that-goes-on-and-on-and-on', 'bcdfgh');
    expect(own.length).to.be.at.most(47);
    expect(own).to.match(/^rp-[a-z-]*[a-z]-bcdfgh$/);
  });

  it('makes nonces that begin with a letter and differ', () => {
    const nonces = Array.from({ length: 100 }, () => newNonce());
    for (const nonce of nonces) expect(nonce).to.match(/^[a-z][a-z0-9]{5}$/);
    expect(new Set(nonces).size).to.be.greaterThan(95);
  });
});
