import type { SessionOptions } from '../harness/conformance-session.ts';
import type { Inside } from './inside.ts';

interface SessionFlags {
  gatewayClass: string;
  profile: string;
  limitsScale: number;
  keep?: true;
}

/** What every run inside a cluster has in common. */
export function sessionOptions(flags: SessionFlags, inside: Inside, signal: AbortSignal): SessionOptions {
  return {
    gatewayClass: flags.gatewayClass,
    install: inside.provider === 'local',
    limitsScale: flags.limitsScale,
    keep: flags.keep === true,
    disposable: inside.upMs !== undefined && flags.keep !== true,
    profile: flags.profile,
    cluster: {
      provider: inside.provider,
      name: inside.name,
      ...(inside.upMs === undefined ? {} : { upMs: inside.upMs }),
    },
    versions: inside.versions,
    kubeconfigPath: inside.kubeconfigPath,
    progress: (line) => process.stderr.write(`${line}\n`),
    signal,
  };
}
