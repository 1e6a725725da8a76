import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { toolPath } from '../../common/tools.ts';
import { bootstrap, clientSecret, clientSecretFile, controllerDnsName } from '../dataplane/bootstrap.ts';
import { createAuthority, issue } from '../dataplane/pki.ts';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import type { IrGateway } from '../ir/ir.ts';
import { XdsDelta } from '../xds/xds-delta.ts';
import { AdsServer, proxyIdentity } from './ads-server.ts';
import type { Rejection } from './rejection.ts';

export const gatewayKey = 'test/gateway';

/** A controller's ADS server and one real Envoy that follows it, on loopback, all files in a temporary directory. */
export class RealEnvoy {
  readonly dir: string;
  readonly readyPort: number;
  #delta = new XdsDelta();
  #tables = 0;
  readonly #authority: KeyAndCertificate;
  #ads: AdsServer;
  #adsPort: number;
  #stopEnvoy: () => Promise<void> = () => Promise.resolve();
  #waiters: (() => void)[] = [];
  /** The last lines that Envoy wrote. */
  readonly logLines: string[] = [];

  private constructor(
    dir: string,
    readyPort: number,
    authority: KeyAndCertificate,
    ads: AdsServer,
    adsPort: number,
  ) {
    this.dir = dir;
    this.readyPort = readyPort;
    this.#authority = authority;
    this.#ads = ads;
    this.#adsPort = adsPort;
  }

  /** @throws RouteproofError TOOL_MISSING */
  static async start(ir: IrGateway): Promise<RealEnvoy> {
    const dir = await mkdtemp(join(tmpdir(), 'routeproof-envoy-'));
    const authority = await createAuthority(new Date());
    const notify: { changed: () => void } = { changed: () => undefined };
    const ads = await makeServer(authority, () => notify.changed());
    const adsPort = await ads.listen('127.0.0.1:0');
    const envoy = new RealEnvoy(dir, await freePort(), authority, ads, adsPort);
    notify.changed = () => envoy.#changed();
    envoy.program(ir);
    await envoy.#startEnvoy();
    return envoy;
  }

  /** Sends a new state; does not wait. */
  program(ir: IrGateway): void {
    this.#ads.apply(gatewayKey, this.#delta.changes(ir));
    this.#tables = tablesOf(ir);
  }

  rejections(): Rejection[] {
    return this.#ads.rejections(gatewayKey, () => true);
  }

  /** Resolves when `holds` does, looked at after each acknowledgement and refusal. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  async untilProgrammed(): Promise<void> {
    await this.until(() => this.#ads.served(gatewayKey)?.length === this.#tables);
  }

  /** A controller that starts again: a new server on the same port, which knows nothing of the old one. */
  async restartAds(ir: IrGateway): Promise<void> {
    this.#ads.close();
    this.#ads = await makeServer(this.#authority, () => this.#changed());
    this.#delta = new XdsDelta();
    this.#ads.apply(gatewayKey, this.#delta.changes(ir));
    this.#tables = tablesOf(ir);
    this.#adsPort = await this.#ads.listen(`127.0.0.1:${this.#adsPort}`);
  }

  admin(path: string, method = 'GET'): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath: join(this.dir, 'admin'), path, method }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => resolve(body));
      });
      sent.on('error', reject).end();
    });
  }

  async stop(): Promise<void> {
    await this.#stopEnvoy();
    this.#ads.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** Puts a new client certificate where a Secret volume would. Returns its serial number, lower-case hex. */
  async renewClientCertificate(): Promise<string> {
    const client = await this.#issueClient();
    const file = join(this.dir, 'tls', clientSecretFile);
    await writeFile(`${file}.new`, clientSecret(client), { mode: 0o600 });
    await rename(`${file}.new`, file);
    return new X509Certificate(client.certificate).serialNumber.toLowerCase();
  }

  #issueClient(): Promise<KeyAndCertificate> {
    return issue({
      authority: this.#authority,
      commonName: 'proxy',
      subjectAltName: { type: 'url', value: proxyIdentity(gatewayKey) },
      usage: 'client',
      notBefore: new Date(),
      validityDays: 1,
    });
  }

  #changed(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }

  async #startEnvoy(): Promise<void> {
    const tlsDir = join(this.dir, 'tls');
    await mkdir(tlsDir);
    const client = await this.#issueClient();
    const files = {
      [`tls/${clientSecretFile}`]: clientSecret(client),
      'bootstrap.json': bootstrap({
        nodeId: gatewayKey,
        xds: { address: '127.0.0.1', port: this.#adsPort },
        ca: this.#authority.certificate,
        tlsDir,
        admin: { pipe: join(this.dir, 'admin') },
        ready: { address: '127.0.0.1', port: this.readyPort },
      }),
    };
    for (const [name, text] of Object.entries(files))
      await writeFile(join(this.dir, name), text, { mode: 0o600 });
    const args = ['-c', join(this.dir, 'bootstrap.json'), '--disable-hot-restart', '--concurrency', '2'];
    const child = spawn(toolPath('envoy'), [...args, '--log-level', 'info'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'exit');
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => this.logLines.push(line));
    }
    const kill = (): boolean => child.kill('SIGKILL');
    process.once('exit', kill);
    this.#stopEnvoy = async () => {
      process.removeListener('exit', kill);
      kill();
      await exited;
    };
  }
}

function tablesOf({ ports }: IrGateway): number {
  return ports.flatMap(({ tables }) => tables).length;
}

async function makeServer(authority: KeyAndCertificate, changed: () => void): Promise<AdsServer> {
  const server = await issue({
    authority,
    commonName: 'controller',
    subjectAltName: { type: 'dns', value: controllerDnsName },
    usage: 'server',
    notBefore: new Date(),
    validityDays: 1,
  });
  const level = process.env['LOG_LEVEL'] ?? 'silent';
  return new AdsServer({
    log: pino({ level }),
    tls: { ca: authority.certificate, ...server },
    proxyChanged: changed,
  });
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
