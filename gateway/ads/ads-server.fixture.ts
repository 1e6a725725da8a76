import { pino } from 'pino';
import { controllerDnsName } from '../dataplane/bootstrap.ts';
import { createAuthority, issue } from '../dataplane/pki.ts';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import type { IrGateway, IrHost } from '../ir/ir.ts';
import { forward, irGateway, irHost, irRoute } from '../xds/ir.fixture.ts';
import { toXds } from '../xds/to-xds.ts';
import { AdsServer, proxyIdentity } from './ads-server.ts';
import { FakeEnvoy } from './fake-envoy.fixture.ts';

export const gatewayKey = 'test/gateway';

/** An ADS server on loopback, and the fake proxies that connect to it. */
export class AdsFixture {
  readonly server: AdsServer;
  /** Keys of Gateways whose proxies changed, in order. */
  readonly changed: string[] = [];
  readonly #authority: KeyAndCertificate;
  readonly #proxies: FakeEnvoy[] = [];
  #port = 0;

  private constructor(authority: KeyAndCertificate, own: KeyAndCertificate) {
    this.#authority = authority;
    this.server = new AdsServer({
      log: pino({ level: 'silent' }),
      tls: { ca: authority.certificate, ...own },
      proxyChanged: (key) => this.changed.push(key),
    });
  }

  static async start(authority: KeyAndCertificate): Promise<AdsFixture> {
    const own = await issue({
      authority,
      commonName: 'controller',
      subjectAltName: { type: 'dns', value: controllerDnsName },
      usage: 'server',
      notBefore: new Date(),
      validityDays: 1,
    });
    const fixture = new AdsFixture(authority, own);
    fixture.#port = await fixture.server.listen('127.0.0.1:0');
    return fixture;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  stop(): void {
    for (const fake of this.#proxies) fake.close();
    this.server.close();
  }

  async proxy(uri = proxyIdentity(gatewayKey), signer = this.#authority): Promise<FakeEnvoy> {
    const own = await issue({
      authority: signer,
      commonName: 'proxy',
      subjectAltName: { type: 'url', value: uri },
      usage: 'client',
      notBefore: new Date(),
      validityDays: 1,
    });
    const fake = new FakeEnvoy(this.#port, this.#authority.certificate, own);
    this.#proxies.push(fake);
    return fake;
  }

  update(gateway: IrGateway): void {
    this.server.update(gatewayKey, toXds(gateway));
  }

  /** One plaintext port 80. */
  program(hosts: IrHost[], clusters: Record<string, number[]>): void {
    this.update(irGateway(80, hosts, clusters));
  }

  /** A proxy that has subscribed to everything and has acknowledged one host a.test with the cluster one. */
  async settled(): Promise<FakeEnvoy> {
    this.program([toCluster('a.test', 'one')], { one: [1001] });
    const fake = await this.proxy();
    for (const type of ['cds', 'lds', 'srds'] as const) fake.subscribe(type, ['*']);
    fake.subscribe('eds', ['one']);
    for (let count = 0; count < 4; count += 1) await fake.accept();
    return fake;
  }
}

/** A host of one route to one cluster. */
export function toCluster(hostname: string, cluster: string, route = hostname): IrHost {
  return irHost(hostname, [irRoute(route, { action: forward([cluster, 1]) })]);
}

export function newAuthority(): Promise<KeyAndCertificate> {
  return createAuthority(new Date());
}
