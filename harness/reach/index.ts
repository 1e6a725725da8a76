import type { KubeClient } from '../kube/client.ts';
import { Watches } from '../kube/watches.ts';
import { connectedTo, connectToText, type ConnectTo } from './connect-to.ts';
import { forwardBy } from './forward.ts';
import { PortForwards } from './port-forwards.ts';
import { directly, type Owner, type Place, type Reach } from './reach.ts';

export interface ReachOptions {
  connectTo?: readonly ConnectTo[] | undefined;
  portForward?: boolean | undefined;
}

/** The options that say so, as they were written. */
export function reachArguments({ connectTo = [], portForward = false }: ReachOptions): string[] {
  return [
    ...connectTo.flatMap((rule) => ['--connect-to', connectToText(rule)]),
    ...(portForward ? ['--port-forward'] : []),
  ];
}

/** Rules first; what they are not about goes through the API server where that is wanted, else as it is. */
export async function reachBy(
  kube: KubeClient,
  { connectTo = [], portForward = false }: ReachOptions,
  of: { kubeconfigPath: string | undefined; progress: (line: string) => void },
): Promise<Reach> {
  if (!portForward && connectTo.length === 0) return directly;
  const watches = new Watches(kube);
  const failed = once(of.progress);
  const forwards = portForward
    ? new PortForwards(watches, await forwardBy(of.kubeconfigPath, failed), failed)
    : undefined;
  const unused = new Set(connectTo);
  const ruled = (place: Place, owner: Owner): Place | undefined =>
    connectedTo(connectTo, place, owner, (rule) => unused.delete(rule));
  return {
    to: async (place, owner) => ruled(place, owner) ?? (await forwards?.to(place)) ?? place,
    byHand: async (place, owner) => {
      const other = ruled(place, owner);
      return other === undefined ? ((await forwards?.byHand(place)) ?? { place }) : { place: other };
    },
    close: () => {
      for (const rule of unused)
        of.progress(`--connect-to ${connectToText(rule)} was about no address that was dialled`);
      forwards?.close();
      watches.stop();
    },
  };
}

/** Each thing is said once. */
function once(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (said.has(line)) return;
    said.add(line);
    say(line);
  };
}
