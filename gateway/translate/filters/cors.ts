import type { IrCors } from '../../ir/ir.ts';
import type { CorsFilter } from '../model/gateway-api.ts';

/** The CRD's default for maxAge; an object written before it had one lacks it. */
const defaultMaxAgeSeconds = 5;
const wildcard = '*';

/** HTTPCORSFilter: which origins may read answers, and what a preflight is told. */
export function corsOf(filter: CorsFilter): IrCors {
  const { allowCredentials = false, exposeHeaders = [] } = filter;
  return {
    allowOrigins: (filter.allowOrigins ?? []).map(originRegex),
    allowMethods: filter.allowMethods ?? [],
    allowHeaders: filter.allowHeaders ?? [],
    // With credentials a browser takes `*` for a name, so the field's documentation forbids to send it.
    exposeHeaders: allowCredentials ? exposeHeaders.filter((name) => name !== wildcard) : exposeHeaders,
    allowCredentials,
    maxAgeSeconds: filter.maxAge ?? defaultMaxAgeSeconds,
  };
}

/** RE2 for the whole Origin: `*` takes any number of labels, and the port that a scheme implies may be written or not. */
function originRegex(origin: string): string {
  if (origin === wildcard) return '.*';
  const [, scheme = '', host = '', port] = /^(https?):\/\/(.*?)(?::(\d+))?$/.exec(origin) ?? [];
  const implied = scheme === 'https' ? '443' : '80';
  const optional = port === undefined || port === implied;
  const literal = host.split(wildcard).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `${scheme}://${literal.join('[^/:]+')}${optional ? `(:${implied})?` : `:${port}`}`;
}
