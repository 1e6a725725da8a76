import { createServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { messageOf } from '../../../../common/errors.ts';
import type { Credentials } from '../../control-plane/credentials.ts';
import { kubeletClientName } from '../../control-plane/credentials.ts';
import { networkPlan } from '../../../network/network-plan.ts';
import { parseLogOptions } from './log-options.ts';
import type { LogOptions } from './log-options.ts';
import { readLog } from './read-log.ts';
import type { LogSource } from './read-log.ts';

/** Why there is no such log. A pod may go between the API server's look at it and its question here: clients take 404 for that. */
export class LogRefusal extends Error {
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** What the endpoint has to know about the pods of the node. */
export interface LogFinder {
  /** @throws LogRefusal */
  logOf(namespace: string, pod: string, container: string, previous: boolean): LogSource;
}

/** The node's endpoint for the API server: `kubectl logs`, and a clear answer to what there is not. */
export async function startKubeletServer(credentials: Credentials, finder: LogFinder): Promise<void> {
  const { certificate, key } = credentials.kubeletServer;
  const server = createServer({
    cert: certificate,
    key,
    ca: credentials.ca,
    requestCert: true,
    rejectUnauthorized: true,
  });
  server.on('request', (request, response) => {
    answer(request, response, finder).catch((error: unknown) => refuse(response, 500, messageOf(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(networkPlan.kubeletPort, networkPlan.nodeIp, resolve);
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, finder: LogFinder): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://node');
  const [, kind = '', ...names] = url.pathname.split('/').map((part) => decodeURIComponent(part));
  const refusal = refusalOf(request, kind);
  if (refusal !== undefined) {
    refuse(response, ...refusal);
  } else if (kind === 'healthz') {
    response.end('ok');
  } else {
    const [namespace = '', pod = '', container = ''] = names;
    await answerLog(response, finder, { namespace, pod, container }, url.searchParams);
  }
}

/** Status and message for what is not answered. */
function refusalOf(request: IncomingMessage, kind: string): [number, string] | undefined {
  // Certificates of this authority are handed out to the API server and to this endpoint; only the first may ask.
  const { subject } = (request.socket as TLSSocket).getPeerCertificate();
  if (subject.CN !== kubeletClientName) return [403, 'only the API server may ask'];
  if (['exec', 'attach', 'portForward', 'run'].includes(kind)) {
    const hint = 'its pods are processes in its network: `routeproof exec -- COMMAND` reaches them';
    return [501, `${kind} is not supported on the local cluster; ${hint}`];
  }
  const isKnown = kind === 'healthz' || kind === 'containerLogs';
  return isKnown ? undefined : [404, `the node of the local cluster has no endpoint ${kind}`];
}

interface ContainerName {
  namespace: string;
  pod: string;
  container: string;
}

async function answerLog(
  response: ServerResponse,
  finder: LogFinder,
  { namespace, pod, container }: ContainerName,
  query: URLSearchParams,
): Promise<void> {
  let source: LogSource;
  let options: LogOptions;
  try {
    options = parseLogOptions(query, Date.now());
    source = finder.logOf(namespace, pod, container, options.previous);
  } catch (error) {
    refuse(response, error instanceof LogRefusal ? error.status : 400, messageOf(error));
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  for await (const text of readLog(source, options, gone.signal)) {
    if (!response.write(text))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  response.end();
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (!response.headersSent) response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(`${message}\n`);
}
