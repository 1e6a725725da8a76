import { isIP } from 'node:net';
import { given } from '../../../common/given.ts';
import { keyOf } from '../../../common/object-key.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { dialled } from '../../reach/reach.ts';
import type { Target } from '../../rpc/target.ts';
import type { Call } from '../../rpc/call.ts';
import { podOfBackend } from './backend-names.ts';
import type { ScenarioCore } from '../core/core.ts';
import { baseNamespace } from '../../manifests/names.ts';
import { getObject } from '../objects/objects.ts';
import { overTls } from '../objects/profile-fit.ts';
import { gatewayAddress } from '../objects/status.ts';
import { RouteproofVerdict } from '../core/verdict.ts';

export const sharedGateway = `${baseNamespace}/shared`;

/** The Gateway of a call that names none: the scenario's only one, or the shared one. */
export function defaultGateway(core: ScenarioCore): string {
  const [only, ...more] = core.gateways();
  if (only === undefined) return sharedGateway;
  if (more.length === 0) return keyOf(only);
  throw new RouteproofVerdict('setup-failed', {
    layer: 'apply',
    expected: 'the call names its gateway, because the scenario has several',
    seen: [only, ...more].map(keyOf).join(', '),
  });
}

/** Waits for the Gateway's address where it has none yet. */
export async function resolveTarget(core: ScenarioCore, call: Call): Promise<Target> {
  const authority = call.host === undefined ? undefined : core.names.host(call.host);
  const plain = call.tls === undefined;
  const tls = plain && call.direct === undefined && overTls(core) ? {} : call.tls === true ? {} : call.tls;
  const rest = {
    ...given({ authority, connection: call.connection, compression: call.compression }),
    ...(tls === undefined ? {} : { tls: { ...tls, ...serverNameOf(core, tls) } }),
  };
  const { reach } = core.env;
  if (call.direct !== undefined) {
    const pod = await podAddress(core, call.direct, call.port);
    return { ...pod, ...(await dialled(reach, pod, 'pod')), ...rest };
  }
  const gateway = call.gateway ?? defaultGateway(core);
  const isAddress = isIP(gateway) > 0 || core.addresses.has(gateway);
  const address = isAddress ? gateway : await gatewayAddress(core, gateway);
  const place = { address, port: call.port ?? (plain ? 80 : 443) };
  return { ...place, ...(await dialled(reach, place, 'gateway')), ...rest };
}

function serverNameOf(core: ScenarioCore, tls: { serverName?: string }): { serverName?: string } {
  return tls.serverName === undefined ? {} : { serverName: core.names.host(tls.serverName) };
}

async function podAddress(
  core: ScenarioCore,
  backend: string,
  port = 9000,
): Promise<{ address: string; port: number }> {
  const shared = podOfBackend(core, backend);
  if (shared !== undefined) return { address: shared.address, port };
  const pod = await getObject<KubeObject & { status?: { podIP?: string } }>(core, {
    kind: 'Pod',
    name: backend,
  });
  return { address: pod.status?.podIP ?? '', port };
}
