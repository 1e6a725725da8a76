import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';

/** Where a pod finds its API server and its own credentials. */
export interface ApiConfig {
  host: string;
  port: number;
  ca: string;
  /** Read before each request, because it is replaced while the pod runs. */
  token: () => string;
  namespace: string;
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With query. */
  path: string;
  body?: unknown;
  contentType?: string;
  /** Default application/json. */
  accept?: string;
}

/** An answer of the API server that is no success. */
export class ApiStatusError extends Error {
  readonly code: number;
  constructor(what: string, code: number, message: string) {
    super(`${what}: ${code} ${message}`);
    this.name = 'ApiStatusError';
    this.code = code;
  }
}

const tokenLifeMs = 60_000;

/** @throws RouteproofError API_UNREACHABLE - not in a pod with a service account */
export function inClusterConfig(
  env: NodeJS.ProcessEnv,
  dir = '/var/run/secrets/kubernetes.io/serviceaccount',
): ApiConfig {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (host === undefined || port === undefined) {
    throw new RouteproofError('API_UNREACHABLE', 'no API server is known', {
      seen: 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set',
      hint: 'run the gateway as a pod: kubectl apply -k deploy/kustomize',
    });
  }
  let token = { text: '', readAt: -Infinity };
  return {
    host,
    port: Number(port),
    ca: readFileSync(join(dir, 'ca.crt'), 'utf8'),
    namespace: readFileSync(join(dir, 'namespace'), 'utf8').trim(),
    token: () => {
      const now = Date.now();
      if (now - token.readAt > tokenLifeMs) {
        token = { text: readFileSync(join(dir, 'token'), 'utf8').trim(), readAt: now };
      }
      return token.text;
    },
  };
}

/**
 * The few HTTP requests that a controller makes. @kubernetes/client-node takes 1.1 s to import (measured with 2 cores, version
 * 2.0.1) and decodes each object a second time; the gateway's start is part of every conformance run.
 */
export class ApiClient {
  readonly config: ApiConfig;
  /** Few sockets for requests; each watch has one of its own. */
  readonly #agent: Agent;

  constructor(config: ApiConfig) {
    this.config = config;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 8, ca: config.ca });
  }

  /** @throws ApiStatusError, or the error of the connection */
  async json<T>(options: ApiRequest): Promise<T> {
    const response = await this.#open(options, this.#agent);
    const text = await readAll(response);
    const { statusCode = 0 } = response;
    if (statusCode >= 300) throw statusError(options, statusCode, text);
    return JSON.parse(text) as T;
  }

  /** The response's body as it comes; `signal` ends it. @throws like json */
  async stream(path: string, signal: AbortSignal, accept?: string): Promise<IncomingMessage> {
    const options: ApiRequest = { method: 'GET', path, ...(accept !== undefined && { accept }) };
    const response = await this.#open(options, new Agent({ ca: this.config.ca }), signal);
    const { statusCode = 0 } = response;
    if (statusCode >= 300) throw statusError(options, statusCode, await readAll(response));
    // A connection whose other end is gone without a word is found out by the kernel.
    response.socket.setKeepAlive(true, 10_000);
    return response;
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(options: ApiRequest, agent: Agent, signal?: AbortSignal): Promise<IncomingMessage> {
    const { host, port, token } = this.config;
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    return new Promise((resolve, reject) => {
      const headers = {
        accept: options.accept ?? 'application/json',
        authorization: `Bearer ${token()}`,
        ...(body !== undefined && {
          'content-type': options.contentType ?? 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      };
      const { method, path } = options;
      const sent = request({ host, port, method, path, headers, agent, ...(signal && { signal }) }, resolve);
      sent.on('error', reject).end(body);
    });
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const part of response) text += part as string;
  return text;
}

function statusError({ method, path }: ApiRequest, code: number, text: string): ApiStatusError {
  let message = text;
  try {
    message = (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    // A proxy in between may answer in plain text.
  }
  return new ApiStatusError(`${method} ${path}`, code, message.slice(0, 500));
}
