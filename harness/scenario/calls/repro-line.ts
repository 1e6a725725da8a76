import { dialName, type Target } from '../../rpc/target.ts';
import type { Call } from '../../rpc/call.ts';

/** Messages longer than this are left for standard input: a line is to be pasted. */
const longestData = 2_000;

/** The files that `grpcurlOf` names, by name. */
export function reproFiles({ tls }: Target): Record<string, string> {
  const files = { 'ca.pem': tls?.ca, 'client.pem': tls?.clientCert, 'client-key.pem': tls?.clientKey };
  return Object.fromEntries(
    Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** grpcurl, and how it makes the same call from a checkout's root; where there are `reproFiles`, they are there too. */
export function grpcurlOf(call: Call, target: Target): string[] {
  const method = (call.method ?? 'routeproof.v1.Probe/Unary').replace(/^\//, '');
  const messages = [call.message ?? {}].flat().map((message) => JSON.stringify(message));
  const data = messages.join(' ');
  return [
    'grpcurl',
    ...(target.tls === undefined
      ? ['-plaintext']
      : target.tls.ca === undefined
        ? ['-insecure']
        : ['-cacert', 'ca.pem']),
    ...(target.tls?.clientCert === undefined ? [] : ['-cert', 'client.pem', '-key', 'client-key.pem']),
    ...(target.authority === undefined ? [] : ['-authority', target.authority]),
    ...(target.tls?.serverName === undefined ? [] : ['-servername', target.tls.serverName]),
    ...Object.entries(call.metadata ?? {}).flatMap(([name, values]) =>
      [values].flat().flatMap((value) => ['-H', `${name}: ${value}`]),
    ),
    ...(call.deadlineMs === undefined ? [] : ['-max-time', String(call.deadlineMs / 1000)]),
    ...['-import-path', 'echo-server/proto', '-proto', protoOf(method)],
    ...(data === '{}' ? [] : ['-d', data.length > longestData ? '@' : data]),
    dialName(target),
    method,
  ];
}

function protoOf(method: string): string {
  if (method.startsWith('echo.')) return 'echo.proto';
  if (method.startsWith('helloworld.')) return 'helloworld.proto';
  return method.startsWith('gateway_api_conformance.') ? 'grpcecho.proto' : 'routeproof.proto';
}
