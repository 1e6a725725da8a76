import type { RawResult, Scenario } from '../../harness/index.ts';
import { echo } from '../methods.ts';

export const detectsMisdirected = 'GatewayHTTPSListenerDetectMisdirectedRequests';

/** On a connection for `serverName` a call for `host`, which another HTTPS listener of the port has more precisely or alone, is answered with HTTP 421. */
export async function mustBeMisdirected(
  t: Scenario,
  of: { host: string; serverName: string; port?: number },
): Promise<void> {
  const { serverName, ...place } = of;
  const misdirected = { ...place, tls: { serverName: t.host(serverName) } };
  const ask = (): Promise<RawResult> => t.raw({ ...misdirected, path: `/${echo}` });
  const what = `on a connection for ${serverName}, a call for ${place.host} is answered with HTTP 421`;
  const seen = ({ httpStatus }: RawResult): string => `HTTP ${String(httpStatus)}`;
  if (!t.supportedFeatures.has(detectsMisdirected)) {
    t.note(`${what}: a SHOULD of the spec, here it is ${seen(await ask())}.`);
    return;
  }
  await t.askUntil({ what, ask, isSo: ({ httpStatus }) => httpStatus === 421, seen, layer: 'routed' });
  await t.callMust(misdirected, { status: 'UNKNOWN', backend: null });
}
