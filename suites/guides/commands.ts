/** The commands that a reader of a guide types. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';

const run = promisify(execFile);

/** The guide's self-signed certificate (openssl) as a Secret (kubectl create secret tls), in `namespace`. */
export async function certificateOfTheGuide(t: Scenario, namespace = t.namespace()): Promise<void> {
  const name = t.host('grpc.example.com');
  const dir = await mkdtemp(join(tmpdir(), 'routeproof-guide-'));
  const key = join(dir, 'grpc.example.com.key');
  const crt = join(dir, 'grpc.example.com.crt');
  try {
    const request = ['req', '-x509', '-nodes', '-days', '365', '-newkey', 'rsa:2048'];
    await run('openssl', [...request, '-keyout', key, '-out', crt, '-subj', `/CN=${name}`]);
    const secret = ['create', 'secret', 'tls', 'grpc-example-com-cert', '--key', key, '--cert', crt];
    await kubectl(t, [...secret, '-n', namespace]);
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** kubectl that has to succeed; returns what it prints. */
export async function kubectl(t: Scenario, args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await t.kubectl(args);
  await t.check(`kubectl ${args.join(' ')}`, () => expect(exitCode, stderr).to.equal(0), 'apply');
  return stdout.trim();
}

/** `grpcurl -insecure ...` against the Gateway that has to succeed; returns what it prints. */
export async function grpcurl(t: Scenario, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await t.grpcurl(['-insecure', ...args]);
  await t.check(`grpcurl ${args.join(' ')}`, () => expect(exitCode, stderr).to.equal(0), 'routed');
  return stdout.trim();
}
