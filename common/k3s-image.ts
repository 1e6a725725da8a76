/** Of the patch release of Kubernetes that tools/kubernetes pins, so that local clusters and these differ in one thing less. */
const pinned = 'docker.io/rancher/k3s:v1.36.3-k3s1';
const variable = 'ROUTEPROOF_K3S_IMAGE';

/** The image that the user names, else the pinned one. */
export function k3sImage(env: NodeJS.ProcessEnv = process.env): string {
  const named = env[variable];
  return named === undefined || named === '' ? pinned : named;
}

/** What to do where it cannot be had. */
export function imageHint(engine: string): string {
  return `load it from a machine that can pull it (\`${engine} pull\`, \`${engine} save\`, here \`${engine} load\`), or name another in ${variable}`;
}
