import { expect } from 'chai';
import { payloadOf, samePayload } from './payload.ts';

const data = { a: Buffer.from('1'), b: Buffer.from('2') };
const plain = { items: undefined, defaultMode: undefined, optional: false, source: 'configmap "cm"' };

describe('payloadOf', () => {
  it('makes a file of every key, readable for all unless said otherwise', () => {
    expect(payloadOf(data, plain)).to.deep.equal({
      a: { content: data.a, mode: 0o644 },
      b: { content: data.b, mode: 0o644 },
    });
    expect(payloadOf(data, { ...plain, defaultMode: 0o400 })['a']?.mode).to.equal(0o400);
  });

  it('takes the items alone, at their paths, with their modes', () => {
    const items = [{ key: 'b', path: 'x/y', mode: 0o600 }];
    expect(payloadOf(data, { ...plain, items })).to.deep.equal({ 'x/y': { content: data.b, mode: 0o600 } });
  });

  it('says which key is missing, unless the reference is optional', () => {
    const items = [{ key: 'z', path: 'z' }];
    expect(() => payloadOf(data, { ...plain, items })).to.throw('configmap "cm" has no key "z"');
    expect(payloadOf(data, { ...plain, items, optional: true })).to.deep.equal({});
  });

  it('stays inside of its volume', () => {
    for (const path of ['../x', '/x', 'a/../../x']) {
      expect(() => payloadOf(data, { ...plain, items: [{ key: 'a', path }] })).to.throw('leaves its volume');
    }
  });
});

describe('samePayload', () => {
  const one = { a: { content: Buffer.from('1'), mode: 0o644 } };
  it('compares names, contents and modes', () => {
    expect(samePayload(one, { a: { content: Buffer.from('1'), mode: 0o644 } })).to.equal(true);
    expect(samePayload(one, { a: { content: Buffer.from('2'), mode: 0o644 } })).to.equal(false);
    expect(samePayload(one, { a: { content: Buffer.from('1'), mode: 0o600 } })).to.equal(false);
    expect(samePayload(one, { b: { content: Buffer.from('1'), mode: 0o644 } })).to.equal(false);
    expect(samePayload(one, {})).to.equal(false);
  });
});
