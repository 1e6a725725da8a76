import 'reflect-metadata';
import { generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { JsonGeneralName, X509Certificate } from '@peculiar/x509';
import { networkPlan, nodeName } from '../../network/network-plan.ts';

// P-256 takes 4 ms a certificate here where RSA takes 100.
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const lifetimeMs = 365 * 24 * 3600 * 1000;
// A clock that is set back a little while the cluster is up must not make every certificate invalid.
const backdateMs = 3600 * 1000;

/** Common name of the API server's certificate as a client of the node. */
export const kubeletClientName = 'kube-apiserver-kubelet-client';

export interface KeyPair {
  certificate: string;
  key: string;
}

/** Everything secret of one cluster; random each time, in PEM where that applies. */
export interface Credentials {
  ca: string;
  apiServer: KeyPair;
  /** With which the API server proves itself to the kubelet's endpoint. */
  kubeletClient: KeyPair;
  kubeletServer: KeyPair;
  serviceAccountKey: string;
  tokens: Record<TokenUser, string>;
}

/**
 * Users of the token file and their groups. What stands in for the node and its proxy works before the RBAC roles are there,
 * which takes the API server a second and a half after it begins to answer.
 */
const tokenUsers = {
  admin: ['routeproof-admin', 'system:masters'],
  agent: ['routeproof-node-agent', 'system:masters'],
  controllerManager: ['system:kube-controller-manager', 'system:masters'],
  proxy: ['system:kube-proxy', 'system:masters'],
} as const;
export type TokenUser = keyof typeof tokenUsers;

type CryptoKeyPair = webcrypto.CryptoKeyPair;

interface Authority {
  certificate: X509Certificate;
  keys: CryptoKeyPair;
}

export async function makeCredentials(): Promise<Credentials> {
  const authority = await makeAuthority();
  const apiNames = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
  ];
  const { nodeIp, apiServiceIp } = networkPlan;
  const [apiServer, kubeletClient, kubeletServer] = await Promise.all([
    issue(authority, 'CN=kube-apiserver', ExtendedKeyUsage.serverAuth, [
      ...['127.0.0.1', nodeIp, apiServiceIp].map((value) => ({ type: 'ip' as const, value })),
      ...['localhost', ...apiNames].map((value) => ({ type: 'dns' as const, value })),
    ]),
    issue(authority, `CN=${kubeletClientName},O=system:masters`, ExtendedKeyUsage.clientAuth, []),
    issue(authority, `CN=system:node:${nodeName},O=system:nodes`, ExtendedKeyUsage.serverAuth, [
      { type: 'ip', value: nodeIp },
      { type: 'dns', value: nodeName },
    ]),
  ]);
  return {
    ca: authority.certificate.toString('pem'),
    apiServer,
    kubeletClient,
    kubeletServer,
    serviceAccountKey: newServiceAccountKey(),
    tokens: { admin: token(), agent: token(), controllerManager: token(), proxy: token() },
  };
}

/** Paths of the files that the components read. */
export interface CredentialFiles {
  ca: string;
  apiServerCert: string;
  apiServerKey: string;
  kubeletClientCert: string;
  kubeletClientKey: string;
  serviceAccountKey: string;
  tokens: string;
}

/** Writes what the components read from files, mode 0600, into `dir`. */
export function writeCredentials(dir: string, credentials: Credentials): CredentialFiles {
  const write = (name: string, content: string): string => {
    const path = join(dir, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const tokenLines = Object.entries(tokenUsers).map(([user, [name, group]]) => {
    return `${credentials.tokens[user as TokenUser]},${name},${name},${group}`;
  });
  return {
    ca: write('ca.crt', credentials.ca),
    apiServerCert: write('apiserver.crt', credentials.apiServer.certificate),
    apiServerKey: write('apiserver.key', credentials.apiServer.key),
    kubeletClientCert: write('kubelet-client.crt', credentials.kubeletClient.certificate),
    kubeletClientKey: write('kubelet-client.key', credentials.kubeletClient.key),
    serviceAccountKey: write('service-account.key', credentials.serviceAccountKey),
    tokens: write('tokens.csv', `${tokenLines.join('\n')}\n`),
  };
}

/** In SEC 1 form: the API server does not find the public half in a PKCS #8 file. */
function newServiceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: algorithm.namedCurve });
  return privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

function token(): string {
  return randomBytes(32).toString('hex');
}

function serialNumber(): string {
  // A leading 00 keeps the number positive, as X.509 asks.
  return `00${randomBytes(15).toString('hex')}`;
}

async function newKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - backdateMs), notAfter: new Date(now + lifetimeMs) };
}

async function makeAuthority(): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=routeproof-local-ca',
    ...validity(),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
  });
  return { certificate, keys };
}

async function issue(
  authority: Authority,
  subject: string,
  usage: ExtendedKeyUsage,
  names: JsonGeneralName[],
): Promise<KeyPair> {
  const keys = await newKeys();
  const extensions = [new ExtendedKeyUsageExtension([usage])];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: authority.certificate.subject,
    ...validity(),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: names.length === 0 ? extensions : [...extensions, new SubjectAlternativeNameExtension(names)],
  });
  return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
