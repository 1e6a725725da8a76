import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { parsePort } from './config.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Running {
  readonly description: string;
  readonly port: number;
  shutdown(): Promise<void>;
}

const headerBytes = 12;
const typeA = 1;

/** A name server that answers every A question over UDP with the address of who asks, as CoreDNS's whoami would. */
export async function startDnsWhoami(env: Env): Promise<Running> {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const answer = whoami(query, peer.address);
    if (answer !== undefined) socket.send(answer, peer.port, peer.address);
  });
  socket.bind(parsePort('DNS_PORT', env['DNS_PORT'] ?? '53'));
  await once(socket, 'listening');
  const { port } = socket.address();
  return {
    description: `DNS on ${port}`,
    port,
    shutdown: () => {
      socket.close();
      return Promise.resolve();
    },
  };
}

/** RFC 1035, 4.1: the question is sent back, with one answer that points to its name. Undefined for what is no question. */
function whoami(query: Buffer, address: string): Buffer | undefined {
  const end = questionEnd(query);
  if (end === undefined || !isIPv4(address)) return undefined;
  const header = Buffer.from(query.subarray(0, headerBytes));
  const wantsA = query.readUInt16BE(end - 4) === typeA;
  header.writeUInt16BE(0x8400 | (header.readUInt16BE(2) & 0x0100), 2);
  [1, wantsA ? 1 : 0, 0, 0].forEach((count, index) => header.writeUInt16BE(count, 4 + 2 * index));
  const question = query.subarray(headerBytes, end);
  // A pointer to the name at offset 12, type A, class IN, no caching, four bytes of address.
  const answer = Buffer.from([
    0xc0,
    headerBytes,
    0,
    typeA,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    ...address.split('.').map(Number),
  ]);
  return Buffer.concat([header, question, ...(wantsA ? [answer] : [])]);
}

/** The offset behind the one question of a query. */
function questionEnd(query: Buffer): number | undefined {
  if (query.length < headerBytes || query.readUInt16BE(4) !== 1 || (query.readUInt8(2) & 0x80) !== 0)
    return undefined;
  let offset = headerBytes;
  while (offset < query.length && query.readUInt8(offset) !== 0) offset += query.readUInt8(offset) + 1;
  return offset + 5 <= query.length ? offset + 5 : undefined;
}
