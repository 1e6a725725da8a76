import type { OfficialRelease } from '../common/official-releases.ts';
import type { SessionOptions } from '../harness/conformance-session.ts';
import type { Channel } from '../harness/install/crds.ts';
import type { Inside } from './inside.ts';

interface RunFlags {
  gatewayClass: string;
  limitsScale: number;
}

interface SessionFlags extends RunFlags {
  profile: string;
  gatewayApiVersion?: OfficialRelease;
  channel?: Channel;
  supportedFeatures?: string[];
  keep?: true;
}

/** What every run inside a cluster has in common, ours and the official suite's. */
export function runOptions({ gatewayClass, limitsScale }: RunFlags, inside: Inside, signal: AbortSignal) {
  const { provider, name, up, kubeconfigPath } = inside;
  return {
    gatewayClass,
    install: provider === 'local',
    limitsScale,
    cluster: { provider, name },
    up,
    kubeconfigPath,
    progress: (line: string) => process.stderr.write(`${line}\n`),
    signal,
  };
}

/** What every run of scenarios has in common. */
export function sessionOptions(flags: SessionFlags, inside: Inside, signal: AbortSignal): SessionOptions {
  return {
    ...runOptions(flags, inside, signal),
    keep: flags.keep === true,
    disposable: inside.isOwn && flags.keep !== true,
    profile: flags.profile,
    ...(flags.gatewayApiVersion === undefined ? {} : { release: flags.gatewayApiVersion }),
    ...(flags.channel === undefined ? {} : { channel: flags.channel }),
    ...(flags.supportedFeatures === undefined ? {} : { supportedFeatures: flags.supportedFeatures }),
  };
}
