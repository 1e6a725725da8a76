import { adminPort } from '../xds/container-port.ts';

export interface DrainTimes {
  /** Before clients are asked to go: the Service's rules on all nodes are to lead new connections elsewhere by then. */
  waitSeconds: number;
  /** From the beginning: a pod that takes this one's place may have to start first. */
  leastSeconds: number;
  /** After this, idle connections are closed. */
  idleSeconds: number;
  /** After this, calls still open are cut off. */
  mostSeconds: number;
}

/**
 * Runs before Envoy is told to end: clients move to other proxies. Ends with the last call. /ready goes on saying yes: a Service leads no new
 * connection to a pod that is on its way out, unless there is no other, and then a pod that is not ready would be none at all. A
 * successor that takes longer than `leastSeconds` to start may come too late for that. Envoy 1.40 sends GOAWAY with the next answer on a connection, not by itself (envoyproxy/envoy#14350): busy
 * connections go at once, idle ones stay until they are closed. The image has bash, but no HTTP client.
 */
export function drainScript(
  { waitSeconds, leastSeconds, idleSeconds, mostSeconds }: DrainTimes,
  port = adminPort,
): string {
  return `admin() {
  exec 3<>/dev/tcp/127.0.0.1/${port} || return 1
  printf '%s HTTP/1.1\\r\\nhost: admin\\r\\nconnection: close\\r\\n\\r\\n' "$1" >&3
  cat <&3
  exec 3>&-
}
active() {
  admin "GET /stats?filter=^http[.].*downstream_$1_active$" | grep -Ev '^http[.](admin|ready)[.]' | grep -c '_active: [1-9]'
}
sleep ${waitSeconds}
admin 'POST /drain_listeners?graceful&skip_exit' >/dev/null
for ((second = ${waitSeconds + 1}; second <= ${mostSeconds}; second++)); do
  sleep 1
  if ((second < ${leastSeconds})); then continue; fi
  if (($(active cx) == 0)); then exit 0; fi
  if ((second < ${idleSeconds})); then continue; fi
  if (($(active rq) == 0)); then exit 0; fi
done
`;
}
