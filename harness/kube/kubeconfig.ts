import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { parse } from 'yaml';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { given } from '../../common/given.ts';

/** How to reach an API server: URL and TLS/authorization options of a node request. */
export interface ApiAccess {
  server: string;
  options: RequestOptions;
}

interface Named<T> {
  name: string;
  cluster?: T;
  user?: T;
  context?: T;
}

interface Kubeconfig {
  'current-context'?: string;
  contexts?: Named<{ cluster?: string; user?: string }>[];
  clusters?: Named<Record<string, string>>[];
  users?: Named<Record<string, unknown>>[];
}

/**
 * The current context of a kubeconfig.
 *
 * @throws RouteproofError API_UNREACHABLE - it cannot be read or has no current cluster
 */
export async function accessFromKubeconfig(path: string | undefined): Promise<ApiAccess> {
  try {
    return plainAccess(path) ?? (await anyAccess(path));
  } catch (cause) {
    if (cause instanceof RouteproofError) throw cause;
    throw new RouteproofError('API_UNREACHABLE', 'the kubeconfig cannot be read', {
      object: path ?? 'KUBECONFIG',
      seen: messageOf(cause),
      hint: 'run inside a cluster (`routeproof exec -- CMD`) or set KUBECONFIG',
      cause,
    });
  }
}

/**
 * A single file with inline credentials, as local, kind and k3s write it: read here, because loading the Kubernetes client
 * takes 0.6 s, more than most scenarios.
 */
function plainAccess(path: string | undefined): ApiAccess | undefined {
  if (path === undefined || path === '' || path.includes(':')) return undefined;
  const config = parse(readFileSync(path, 'utf8')) as Kubeconfig | null;
  const context = config?.contexts?.find(({ name }) => name === config['current-context'])?.context;
  const cluster = config?.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config?.users?.find(({ name }) => name === context?.user)?.user ?? {};
  const plainKeys = new Set(['token', 'client-certificate-data', 'client-key-data']);
  const plainClusterKeys = new Set(['server', 'certificate-authority-data']);
  if (cluster?.['server'] === undefined) return undefined;
  if (!Object.keys(user).every((key) => plainKeys.has(key))) return undefined;
  if (!Object.keys(cluster).every((key) => plainClusterKeys.has(key))) return undefined;
  return { server: cluster['server'], options: requestOptions(cluster, user as Record<string, string>) };
}

function requestOptions(cluster: Record<string, string>, user: Record<string, string>): RequestOptions {
  const decoded = (text: string | undefined): Buffer | undefined =>
    text === undefined ? undefined : Buffer.from(text, 'base64');
  const ca = decoded(cluster['certificate-authority-data']);
  const cert = decoded(user['client-certificate-data']);
  const key = decoded(user['client-key-data']);
  return {
    ...given({ ca, cert, key }),
    ...(user['token'] === undefined ? {} : { headers: { authorization: `Bearer ${user['token']}` } }),
  };
}

/** Everything else that kubectl understands: several files, commands that print a token, proxies. */
async function anyAccess(path: string | undefined): Promise<ApiAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (path === undefined || path === '' || path.includes(':')) config.loadFromDefault();
  else config.loadFromFile(path);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw new RouteproofError('API_UNREACHABLE', 'the kubeconfig names no current cluster', {
      object: path ?? 'KUBECONFIG',
      hint: 'set current-context there (kubectl config use-context NAME), or name another file in KUBECONFIG',
    });
  }
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  delete options.agent;
  return { server: cluster.server, options };
}
