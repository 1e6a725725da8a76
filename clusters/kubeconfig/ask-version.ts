import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import type { ChosenContext } from './chosen-context.ts';

/** A firewall that drops packets says nothing at all. */
const timeoutMs = 15_000;

/**
 * The version of the API server behind a context, which shows that it is there and lets the user in.
 *
 * @throws RouteproofError API_UNREACHABLE, API_FORBIDDEN
 */
export async function askVersion(chosen: ChosenContext): Promise<string> {
  const { context, server } = chosen;
  const object = `context ${context}`;
  try {
    const options = await optionsOf(chosen);
    const response = await get(`${server.replace(/\/$/, '')}/version`, options);
    const text = await readText(response);
    // Its connection would keep the process alive.
    if (typeof options.agent === 'object') options.agent.destroy();
    const status = response.statusCode ?? 0;
    if (status === 401 || status === 403) {
      throw new RouteproofError('API_FORBIDDEN', 'the API server does not let this user in', {
        object,
        seen: `HTTP ${String(status)} from ${server}`,
        hint: 'renew the credentials of the context, or name another with --context',
      });
    }
    return gitVersionIn(text, status);
  } catch (error) {
    if (error instanceof RouteproofError) throw error;
    throw new RouteproofError('API_UNREACHABLE', 'the API server does not answer', {
      object,
      seen: `${server}: ${reasonOf(error)}`,
      hint: `see whether \`kubectl --context ${context} version\` works from here`,
      cause: error,
    });
  }
}

/** Certificates, tokens, commands that print one, proxies: all that kubectl understands. */
async function optionsOf({ kubeconfig }: ChosenContext): Promise<RequestOptions> {
  // 0.6 s to load: only those who run against an existing cluster wait for it.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(kubeconfig));
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

function get(url: string, options: RequestOptions): Promise<IncomingMessage> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, signal }, resolve);
    outgoing.on('error', (error) =>
      reject(signal.aborted ? new Error(`no answer within ${String(timeoutMs / 1000)} s`) : error),
    );
    outgoing.end();
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function gitVersionIn(text: string, status: number): string {
  try {
    const { gitVersion } = JSON.parse(text) as { gitVersion?: unknown };
    if (typeof gitVersion === 'string') return gitVersion;
  } catch {
    // Something else than an API server: said below.
  }
  throw new Error(`what answers is no API server: HTTP ${String(status)}, ${text.slice(0, 100)}`);
}

/** Of a name with several addresses, what each of them said. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return messageOf(error).split('\n')[0] ?? '';
}
