import { given } from '../../common/given.ts';
import type { OfficialRelease, Channel } from '../../common/official-releases.ts';
import type { SessionOptions } from '../../harness/run/conformance-session.ts';
import type { CrdConsent } from '../../harness/existing/gateway-api.ts';
import { readImplementation } from '../../harness/implementations/implementation.ts';
import { byHand } from './by-hand.ts';
import type { ExistingFlags } from './existing-cluster.ts';
import type { Inside } from './inside.ts';

interface RunFlags {
  gatewayClass: string;
  limitsScale: number;
}

interface SessionFlags extends RunFlags, ExistingFlags {
  cluster: string;
  name: string;
  profile: string;
  gatewayApiVersion?: OfficialRelease;
  channel?: Channel;
  supportedFeatures?: string[];
  keep?: true;
  implementation?: string;
}

/** What every run inside a cluster has in common, ours and the official suite's. */
export function runOptions({ gatewayClass, limitsScale }: RunFlags, inside: Inside, signal: AbortSignal) {
  const { provider, name, up, kubeconfigPath } = inside;
  return {
    gatewayClass,
    install: inside.lent !== true,
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
  const product = flags.implementation === undefined ? undefined : readImplementation(flags.implementation);
  const channel = flags.channel ?? product?.channel;
  return {
    ...runOptions(flags, inside, signal),
    byHand: byHand(flags),
    ...(product === undefined ? {} : { implementation: product, gatewayClass: product.gatewayClass }),
    ...given({ clusterLogDir: inside.logDir }),
    keep: flags.keep === true,
    ...(inside.lent === true ? { guest: consentOf(flags) } : {}),
    ...given({ echoImage: flags.echoImage }),
    ...reachOf(flags),
    disposable: inside.isOwn && flags.keep !== true,
    profile: flags.profile,
    ...given({ release: flags.gatewayApiVersion, channel, supportedFeatures: flags.supportedFeatures }),
  };
}

function reachOf({ connectTo, portForward }: SessionFlags): Pick<SessionOptions, 'reach'> {
  if (connectTo === undefined && portForward === undefined) return {};
  return { reach: { connectTo, portForward } };
}

function consentOf({ installCrds, overwriteCrds, gatewayApiVersion, channel }: SessionFlags): CrdConsent {
  return {
    installCrds: installCrds === true,
    overwriteCrds: overwriteCrds === true,
    ...given({ release: gatewayApiVersion, channel }),
  };
}
