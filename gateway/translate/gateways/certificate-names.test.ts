import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { expect } from 'chai';
import { webcrypto } from 'node:crypto';
import type { IrCertificate } from '../../ir/ir.ts';
import { dnsNames, shareNames } from './certificate-names.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function certificateFor(...names: x509.JsonGeneralNames): Promise<IrCertificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const extensions = names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=common.example.com',
    keys,
    signingAlgorithm: algorithm,
    extensions,
  });
  return { name: 'app/cert', certificatePem: made.toString('pem'), privateKeyPem: '' };
}

function forHost(value: string): Promise<IrCertificate> {
  return certificateFor({ type: 'dns', value });
}

describe('names in certificates', () => {
  it('are those of subjectAltName that are DNS names, in lower case', async () => {
    const certificate = await certificateFor(
      { type: 'dns', value: 'A.example.com' },
      { type: 'ip', value: '10.0.0.1' },
      { type: 'url', value: 'https://u.example.com' },
      { type: 'dns', value: '*.example.org' },
    );
    expect(dnsNames(certificate)).to.deep.equal(['a.example.com', '*.example.org']);
    expect(dnsNames(await certificateFor())).to.deep.equal([]);
  });

  const pairs: [string, string, boolean][] = [
    ['a.example.com', 'a.example.com', true],
    ['a.example.com', 'A.EXAMPLE.com', true],
    ['a.example.com', 'b.example.com', false],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', 'example.com', false],
    ['*.example.com', '*.example.com', true],
    ['*.example.com', '*.b.example.com', false],
    ['*.example.com', 'a.badexample.com', false],
  ];
  for (const [one, other, shared] of pairs) {
    it(`${one} and ${other}: ${shared ? 'a name in common' : 'none'}`, async () => {
      const [left, right] = [await forHost(one), await forHost(other)];
      expect(shareNames(left, right)).to.equal(shared);
      expect(shareNames(right, left)).to.equal(shared);
    });
  }
});
