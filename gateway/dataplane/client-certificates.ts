import { createPrivateKey, X509Certificate } from 'node:crypto';
import { objectKey } from '../../common/object-key.ts';
import { proxyIdentity } from '../ads/ads-server.ts';
import type { ObjectStore, KubeObject } from '../provider/object-store.ts';
import type { Secret } from '../translate/model/gateway-api.ts';
import { issue, lifeSpent } from './pki.ts';
import type { KeyAndCertificate } from './pki.ts';

const validityDays = 90;
/** The rest of its life is the time that a controller may be away. */
const renewAfter = 2 / 3;

/** The client certificate of one Gateway's proxies: the one in its Secret while it is good, else a new one. */
export async function clientCertificate(options: {
  gatewayNamespace: string;
  gatewayName: string;
  /** Of its proxy, that has the Secret. */
  secretName: string;
  secrets: ObjectStore<Secret & KubeObject>;
  authority: KeyAndCertificate;
  now: Date;
}): Promise<KeyAndCertificate> {
  const { gatewayNamespace, gatewayName, secretName, secrets, authority, now } = options;
  const identity = proxyIdentity(objectKey(gatewayNamespace, gatewayName));
  const { data } = secrets.get(objectKey(gatewayNamespace, secretName)) ?? {};
  const kept = {
    certificate: Buffer.from(data?.['tls.crt'] ?? '', 'base64').toString(),
    privateKey: Buffer.from(data?.['tls.key'] ?? '', 'base64').toString(),
  };
  if (isGood(kept, identity, authority, now)) return kept;
  return issue({
    authority,
    commonName: 'routeproof proxy',
    subjectAltName: { type: 'url', value: identity },
    usage: 'client',
    notBefore: now,
    validityDays,
  });
}

function isGood(kept: KeyAndCertificate, identity: string, authority: KeyAndCertificate, now: Date): boolean {
  const { certificate: pem, privateKey } = kept;
  if (pem === '' || privateKey === '') return false;
  try {
    const certificate = new X509Certificate(pem);
    if (!certificate.checkPrivateKey(createPrivateKey(privateKey))) return false;
    const issuer = new X509Certificate(authority.certificate);
    const ours = certificate.verify(issuer.publicKey) && certificate.subjectAltName === `URI:${identity}`;
    return ours && lifeSpent(pem, now) < renewAfter;
  } catch {
    return false;
  }
}
