import { adminPort } from '../xds/container-port.ts';

/**
 * Runs before Envoy is told to end: /ready fails, so that no new connection is sent here, and every client gets GOAWAY. Ends
 * when the last connection is gone. The image has bash, but no HTTP client.
 *
 * @param leastSeconds - time for the Service's rules on all nodes to forget this pod
 * @param mostSeconds - after this, calls still open are cut off
 */
export function drainScript(leastSeconds: number, mostSeconds: number): string {
  return `admin() {
  exec 3<>/dev/tcp/127.0.0.1/${adminPort} || return 1
  printf '%s HTTP/1.1\\r\\nhost: admin\\r\\nconnection: close\\r\\n\\r\\n' "$1" >&3
  cat <&3
  exec 3>&-
}
admin 'POST /healthcheck/fail' >/dev/null
admin 'POST /drain_listeners?graceful&skip_exit' >/dev/null
for ((second = 0; second < ${mostSeconds}; second++)); do
  sleep 1
  open=$(admin 'GET /stats?filter=^http\\..*downstream_cx_active$' | grep -v '^http\\.\\(admin\\|ready\\)' | grep -c ': [1-9]')
  if ((second + 1 >= ${leastSeconds} && open == 0)); then exit 0; fi
done
`;
}
