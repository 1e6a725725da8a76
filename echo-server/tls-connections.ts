import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from './messages.ts';

export interface TlsConnection extends TlsFacts {
  /** PEM, leaf first. */
  peerCertificates: string[];
}

/**
 * What was agreed in the handshake of each open connection, by peer address. grpc-js tells a handler its peer and nothing
 * about ALPN, SNI or the cipher; one instance belongs to one port, so the peer address names the connection.
 */
export class TlsConnections {
  readonly #byPeer = new Map<string, TlsConnection>();

  add(socket: TLSSocket): void {
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.#byPeer.set(peer, describe(socket));
    socket.once('close', () => this.#byPeer.delete(peer));
  }

  /** `peer` as grpc-js writes it, `address:port`. */
  get(peer: string): TlsConnection | undefined {
    return this.#byPeer.get(peer);
  }
}

/** What a finished handshake agreed on. */
export function describe(socket: TLSSocket): TlsConnection {
  const serverName = (socket as { servername?: string | false }).servername;
  const leaf = socket.getPeerX509Certificate();
  return {
    enabled: true,
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    alpn: socket.alpnProtocol === false || socket.alpnProtocol === null ? '' : socket.alpnProtocol,
    serverName: typeof serverName === 'string' ? serverName : '',
    clientCertificateSha256: leaf?.fingerprint256 ?? '',
    peerCertificates: leaf === undefined ? [] : [leaf.toString()],
  };
}
