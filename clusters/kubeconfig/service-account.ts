import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChosenContext } from './chosen-context.ts';

/** Where every pod finds its service account, unless it declines that (Pod.spec.automountServiceAccountToken). */
const mountedAt = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * In a pod, the cluster that it runs on, as its service account; kubectl takes that too where no kubeconfig is named. The token is the one of
 * now: valid for an hour at least, which a run does not take.
 *
 * @returns undefined outside of a pod, or in one without a service account
 */
export function ownCluster(env: NodeJS.ProcessEnv, dir = mountedAt): ChosenContext | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (host === undefined || port === undefined) return undefined;
  const token = readIfThere(join(dir, 'token'));
  const ca = readIfThere(join(dir, 'ca.crt'));
  if (token === undefined || ca === undefined) return undefined;
  const name = 'in-cluster';
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const data = Buffer.from(ca).toString('base64');
  return {
    context: name,
    server,
    kubeconfig: {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      contexts: [{ name, context: { cluster: name, user: name } }],
      clusters: [{ name, cluster: { server, 'certificate-authority-data': data } }],
      users: [{ name, user: { token: token.trim() } }],
    },
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
