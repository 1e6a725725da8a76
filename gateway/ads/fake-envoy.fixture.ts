import * as grpc from '@grpc/grpc-js';
import type { KeyAndCertificate } from '../dataplane/pki.ts';
import { controllerDnsName } from '../dataplane/bootstrap.ts';
import { messageType } from '../xds/protos.ts';
import { typeUrls, xdsTypes } from '../xds/resource.ts';
import type { XdsType } from '../xds/resource.ts';

const identity = (bytes: Buffer): Buffer => bytes;
const path = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';

export interface FakeResponse {
  type: XdsType;
  nonce: string;
  /** Name to version. */
  resources: Record<string, string>;
  removed: string[];
}

interface RawResponse {
  type_url: string;
  nonce: string;
  resources: { name: string; version: string }[];
  removed_resources: string[];
}

/** A proxy's side of delta ADS that does only what a test tells it to: no answer goes out by itself. */
export class FakeEnvoy {
  readonly #client: grpc.Client;
  readonly #call: grpc.ClientDuplexStream<Buffer, Buffer>;
  readonly #responses: FakeResponse[] = [];
  /** How the stream ended. */
  readonly status: Promise<grpc.StatusObject>;
  #arrived: () => void = () => undefined;

  constructor(port: number, ca: string, own: KeyAndCertificate) {
    const tls = grpc.credentials.createSsl(
      Buffer.from(ca),
      Buffer.from(own.privateKey),
      Buffer.from(own.certificate),
    );
    this.#client = new grpc.Client(`127.0.0.1:${port}`, tls, {
      'grpc.ssl_target_name_override': controllerDnsName,
    });
    this.#call = this.#client.makeBidiStreamRequest(path, identity, identity);
    this.status = new Promise((resolve) => this.#call.on('status', resolve));
    this.#call.on('error', () => undefined);
    this.#call.on('data', (bytes: Buffer) => {
      this.#responses.push(decode(bytes));
      this.#arrived();
    });
  }

  subscribe(type: XdsType, names: string[], initialVersions: Record<string, string> = {}): void {
    this.#request(type, { resource_names_subscribe: names, initial_resource_versions: initialVersions });
  }

  ack({ type, nonce }: FakeResponse): void {
    this.#request(type, { response_nonce: nonce });
  }

  nack({ type, nonce }: FakeResponse, message: string): void {
    this.#request(type, { response_nonce: nonce, error_detail: { code: 13, message } });
  }

  /** The next response, in the order of arrival. */
  async next(): Promise<FakeResponse> {
    for (;;) {
      const response = this.#responses.shift();
      if (response !== undefined) return response;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  /** Next response, acknowledged. */
  async accept(): Promise<FakeResponse> {
    const response = await this.next();
    this.ack(response);
    return response;
  }

  /** Responses that arrived and were not taken. */
  get waiting(): number {
    return this.#responses.length;
  }

  close(): void {
    this.#call.cancel();
    this.#client.close();
  }

  #request(type: XdsType, fields: object): void {
    const message = messageType('envoy.service.discovery.v3.DeltaDiscoveryRequest');
    const request = message.fromObject({ type_url: typeUrls[type], node: { id: 'fake' }, ...fields });
    this.#call.write(Buffer.from(message.encode(request).finish()));
  }
}

function decode(bytes: Buffer): FakeResponse {
  const message = messageType('envoy.service.discovery.v3.DeltaDiscoveryResponse');
  const raw = message.decode(bytes) as unknown as RawResponse;
  const type = xdsTypes.find((each) => typeUrls[each] === raw.type_url);
  if (type === undefined) throw new Error(`a response of an unknown type ${raw.type_url}`);
  return {
    type,
    nonce: raw.nonce,
    resources: Object.fromEntries(raw.resources.map(({ name, version }) => [name, version])),
    removed: raw.removed_resources,
  };
}
