import type { Service } from '../../../api/types.ts';

/**
 * The variables that tell a container about Services: those of its own namespace unless `links` is false, and default/kubernetes
 * always.
 */
export function serviceEnv(
  services: Iterable<Service>,
  namespace: string,
  links: boolean,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const service of services) {
    const { name = '', namespace: home = '' } = service.metadata ?? {};
    const isApi = home === 'default' && name === 'kubernetes';
    if (isApi || (links && home === namespace)) Object.assign(env, envOf(service, name));
  }
  return env;
}

function envOf(service: Service, name: string): Record<string, string> {
  const { clusterIP = '', ports = [] } = service.spec ?? {};
  const [first] = ports;
  if (clusterIP === '' || clusterIP === 'None' || first === undefined) return {};
  const prefix = name.toUpperCase().replaceAll('-', '_');
  const url = (port: typeof first): string =>
    `${(port.protocol ?? 'TCP').toLowerCase()}://${clusterIP}:${port.port}`;
  const env: Record<string, string> = {
    [`${prefix}_SERVICE_HOST`]: clusterIP,
    [`${prefix}_SERVICE_PORT`]: `${first.port}`,
    [`${prefix}_PORT`]: url(first),
  };
  for (const port of ports) {
    const protocol = port.protocol ?? 'TCP';
    if (port.name !== undefined) {
      env[`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = `${port.port}`;
    }
    const link = `${prefix}_PORT_${port.port}_${protocol}`;
    env[link] = url(port);
    env[`${link}_PROTO`] = protocol.toLowerCase();
    env[`${link}_PORT`] = `${port.port}`;
    env[`${link}_ADDR`] = clusterIP;
  }
  return env;
}
