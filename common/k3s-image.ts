import { RouteproofError } from './errors.ts';

/** Of the patch release of Kubernetes that tools/kubernetes pins, so that local clusters and these differ in one thing less. */
const pinned = 'docker.io/rancher/k3s:v1.36.3-k3s1';
const variable = 'ROUTEPROOF_K3S_IMAGE';

/** A registry, a path, a tag, a digest; all but the path may be left away. */
const reference = /^([\w.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/;

/** The image that the user names, else the pinned one. @throws RouteproofError INVALID_INPUT */
export function k3sImage(env: NodeJS.ProcessEnv = process.env): string {
  const named = env[variable];
  if (named === undefined || named === '') return pinned;
  if (reference.test(named)) return named;
  throw new RouteproofError('INVALID_INPUT', 'this is no name of an image', {
    object: variable,
    seen: named,
    hint: `such as ${pinned}`,
  });
}

/** What to do where it cannot be had. */
export function imageHint(engine: string): string {
  return `load it from a machine that can pull it (\`${engine} pull\`, \`${engine} save\`, here \`${engine} load\`), or name another in ${variable}`;
}
