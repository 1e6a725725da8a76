import { adminPort } from '../xds/container-port.ts';

export interface DrainTimes {
  /** For the Service's rules on all nodes to forget this pod. */
  leastSeconds: number;
  /** After this, idle connections are closed. */
  idleSeconds: number;
  /** After this, calls still open are cut off. */
  mostSeconds: number;
}

/**
 * Runs before Envoy is told to end: /ready fails, so that no new connection is sent here, and clients move to other proxies. Ends
 * with the last call. Envoy 1.40 sends GOAWAY with the next answer on a connection, not by itself (envoyproxy/envoy#14350): busy
 * connections go at once, idle ones stay until they are closed. The image has bash, but no HTTP client.
 */
export function drainScript(
  { leastSeconds, idleSeconds, mostSeconds }: DrainTimes,
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
admin 'POST /healthcheck/fail' >/dev/null
admin 'POST /drain_listeners?graceful&skip_exit' >/dev/null
for ((second = 1; second <= ${mostSeconds}; second++)); do
  sleep 1
  if ((second < ${leastSeconds})); then continue; fi
  if (($(active cx) == 0)); then exit 0; fi
  if ((second < ${idleSeconds})); then continue; fi
  if (($(active rq) == 0)); then exit 0; fi
done
`;
}
