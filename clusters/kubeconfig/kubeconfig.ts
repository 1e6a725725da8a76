import { isAbsolute, join } from 'node:path';

type Fields = Record<string, unknown>;

/** One named thing of a kubeconfig: a context, a cluster or a user. */
export interface Entry {
  name: string;
  context?: { cluster?: string; user?: string };
  cluster?: Fields;
  user?: Fields;
}

/** A kubeconfig, read as far as it concerns us: all else of an entry is kept as it is. */
export interface Kubeconfig {
  apiVersion?: string;
  kind?: string;
  'current-context'?: string;
  contexts?: Entry[] | null;
  clusters?: Entry[] | null;
  users?: Entry[] | null;
}

/** Paths in a kubeconfig start at its own directory. */
export function withAbsolutePaths(config: Kubeconfig, dir: string): Kubeconfig {
  return {
    ...config,
    clusters: (config.clusters ?? []).map((entry) => ({
      ...entry,
      cluster: absolute(entry.cluster ?? {}, ['certificate-authority'], dir),
    })),
    users: (config.users ?? []).map((entry) => {
      const user = absolute(entry.user ?? {}, ['client-certificate', 'client-key', 'tokenFile'], dir);
      return { ...entry, user: withAbsoluteCommand(user, dir) };
    }),
  };
}

function absolute(fields: Fields, names: readonly string[], dir: string): Fields {
  const made = names.flatMap((name) => {
    const path = fields[name];
    return typeof path === 'string' && path !== '' && !isAbsolute(path) ? [[name, join(dir, path)]] : [];
  });
  return { ...fields, ...(Object.fromEntries(made) as Fields) };
}

/** A command without a slash is looked up in PATH. */
function withAbsoluteCommand(user: Fields, dir: string): Fields {
  const exec = user['exec'] as Fields | undefined;
  const command = exec?.['command'];
  if (typeof command !== 'string' || !command.includes('/')) return user;
  return { ...user, exec: absolute(exec ?? {}, ['command'], dir) };
}
