export interface ImageName {
  /** With registry and path, without tag. */
  repository: string;
  tag: string;
}

/** Writes an image name out in full, as container runtimes do: `nginx` is docker.io/library/nginx:latest. A digest is dropped. */
export function parseImageName(image: string): ImageName {
  const [named = ''] = image.split('@');
  const lastPart = named.slice(named.lastIndexOf('/') + 1);
  const colon = lastPart.indexOf(':');
  const tag = colon === -1 ? 'latest' : lastPart.slice(colon + 1);
  const path = colon === -1 ? named : named.slice(0, named.length - (lastPart.length - colon));
  return { repository: withRegistry(path), tag };
}

function withRegistry(path: string): string {
  const [first = '', ...rest] = path.split('/');
  const hasRegistry =
    rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  if (hasRegistry) return path;
  return rest.length === 0 ? `docker.io/library/${path}` : `docker.io/${path}`;
}
