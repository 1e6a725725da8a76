import type { AccessLog } from './envoy-types.ts';
import { pack } from './protos.ts';

/** What a person needs to see why the proxy answered a call itself; `flags` are Envoy's response flags (NR: no route, UF: refused). */
const fields = {
  time: '%START_TIME%',
  msg: 'call failed in the proxy',
  flags: '%RESPONSE_FLAGS%',
  details: '%RESPONSE_CODE_DETAILS%',
  httpStatus: '%RESPONSE_CODE%',
  grpcStatus: '%GRPC_STATUS%',
  authority: '%REQ(:AUTHORITY)%',
  path: '%REQ(:PATH)%',
  route: '%ROUTE_NAME%',
  cluster: '%UPSTREAM_CLUSTER%',
  endpoint: '%UPSTREAM_HOST%',
  reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  client: '%DOWNSTREAM_REMOTE_ADDRESS%',
  durationMs: '%DURATION%',
};

/** One JSON line for each call that fails in the proxy or on the way to a backend; a log of all calls would cost CPU on each. */
export function failureLog(): AccessLog[] {
  return [
    {
      name: 'envoy.access_loggers.stdout',
      filter: { response_flag_filter: {} },
      typed_config: pack('envoy.extensions.access_loggers.stream.v3.StdoutAccessLog', {
        log_format: { json_format: { fields: jsonFields(fields) } },
      }),
    },
  ];
}

/** A google.protobuf.Struct of strings. */
function jsonFields(strings: Record<string, string>): Record<string, { stringValue: string }> {
  return Object.fromEntries(Object.entries(strings).map(([key, stringValue]) => [key, { stringValue }]));
}
