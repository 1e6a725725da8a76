import { subscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders } from 'node:http2';

/** What `te` is told as. */
const told = 'x-routeproof-te';

/** grpc-js takes `te` out of the metadata before any handler sees it: it stays there under another name. Node.js before 24.2 has no such channel. */
export function keepTe(): void {
  subscribe('http2.server.stream.created', copyTe);
}

function copyTe(created: unknown): void {
  const { headers } = created as { headers: IncomingHttpHeaders };
  if (headers.te !== undefined) headers[told] = headers.te;
}
