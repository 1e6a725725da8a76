import { isIP } from 'node:net';
import {
  Client,
  compressionAlgorithms,
  credentials,
  type ChannelCredentials,
  type ChannelOptions,
} from '@grpc/grpc-js';
import { dialName, targetKey, type Target } from './target.ts';

/** One channel (and so one connection) per target, for one scenario. */
export class Channels {
  readonly #clients = new Map<string, Client>();

  get(target: Target): Client {
    const key = targetKey(target);
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = new Client(dialName(target.dial ?? target), credentialsFor(target), optionsFor(target));
      this.#clients.set(key, client);
    }
    return client;
  }

  /** The next call to this target uses a new connection; calls in flight end on the old one. */
  redial(target: Target): void {
    const key = targetKey(target);
    this.#clients.get(key)?.close();
    this.#clients.delete(key);
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

const known = new Map<string, ChannelCredentials>();

/** Kept: a TLS context costs milliseconds to make, most of it for the root certificates. */
function credentialsFor(target: Target): ChannelCredentials {
  if (target.tls === undefined) return credentials.createInsecure();
  const { ca, clientKey, clientCert } = target.tls;
  const key = JSON.stringify([ca, clientKey, clientCert]);
  const made = known.get(key) ?? tlsCredentials(target.tls);
  known.set(key, made);
  return made;
}

function tlsCredentials({ ca, clientKey, clientCert }: NonNullable<Target['tls']>): ChannelCredentials {
  const buffer = (pem: string | undefined): Buffer | null => (pem === undefined ? null : Buffer.from(pem));
  const verify = ca === undefined ? { rejectUnauthorized: false, checkServerIdentity: () => undefined } : {};
  return credentials.createSsl(buffer(ca), buffer(clientKey), buffer(clientCert), verify);
}

function optionsFor(target: Target): ChannelOptions {
  const options: ChannelOptions = {
    // A pool of its own: subchannels are global otherwise, and a redial would get the old connection back.
    'grpc.use_local_subchannel_pool': 1,
    // A probe must see each failure itself.
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_channelz': 0,
    // A refused connection is dialled again soon, since probes wait for the listener; the default begins at 1 s.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 250,
    'grpc.max_receive_message_length': 64 * 1024 * 1024,
    'grpc.max_send_message_length': 64 * 1024 * 1024,
  };
  if (target.compression === 'gzip')
    options['grpc.default_compression_algorithm'] = compressionAlgorithms.gzip;
  const authority = target.authority ?? (target.dial && dialName(target));
  if (authority !== undefined) options['grpc.default_authority'] = authority;
  // An IP address is no server name (RFC 6066).
  const isNamed = target.dial !== undefined && isIP(target.address) === 0;
  const own = target.authority?.replace(/:\d+$/, '') ?? (isNamed ? target.address : undefined);
  const serverName = target.tls?.serverName ?? own;
  if (target.tls !== undefined && serverName !== undefined)
    options['grpc.ssl_target_name_override'] = serverName;
  return options;
}
