import { writeFileSync } from 'node:fs';
import { networkPlan } from '../../network/network-plan.ts';

export interface KubeconfigOptions {
  /** Name of cluster, user and context. */
  name: string;
  ca: string;
  token: string;
}

/** Writes a kubeconfig, mode 0600. It is JSON, which every YAML reader takes. */
export function writeKubeconfig(path: string, { name, ca, token }: KubeconfigOptions): string {
  const server = `https://${networkPlan.nodeIp}:${networkPlan.apiPort}`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return path;
}
