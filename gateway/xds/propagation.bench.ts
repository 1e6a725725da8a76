/**
 * From a changed IR to the first call that is served by it, with a real Envoy on this machine: `node gateway/xds/propagation.bench.ts [hosts]`.
 * The backend is changed by a response header of one host among many; one client calls without a pause until the new value is there.
 */
import { EchoClient, startEcho } from '../ads/echo.fixture.ts';
import { RealEnvoy, freePort } from '../ads/real-envoy.fixture.ts';
import type { IrHost } from '../ir/ir.ts';
import { forward, irGateway, irHost, irRoute } from './ir.fixture.ts';

const hostCount = Number(process.argv[2] ?? 3000);
const changes = 200;

const backend = await startEcho('echo');
const port = await freePort();
const host = (index: number, value: string): IrHost =>
  irHost(`host-${index}.example.com`, [
    irRoute(`route-${index}`, {
      responseHeaders: { set: [{ name: 'x-value', value }], add: [], remove: [] },
      action: forward(['echo', 1]),
    }),
  ]);
let hosts = Array.from({ length: hostCount }, (_, index) => host(index, 'start'));
const gateway = () => irGateway(port, hosts, { echo: [backend.port] });

const startedAt = performance.now();
const envoy = await RealEnvoy.start(gateway());
await envoy.untilProgrammed();
const client = new EchoClient(port);
await client.call({ host: `host-${hostCount - 1}.example.com` });
console.log(
  `${hostCount} hosts: first call ${(performance.now() - startedAt).toFixed(0)} ms after the start of Envoy`,
);

const latenciesMs: number[] = [];
const controllerMs: number[] = [];
for (let change = 0; change < changes; change += 1) {
  const index = (change * 7919) % hostCount;
  const value = `v${change}`;
  hosts = hosts.with(index, host(index, value));
  const ir = gateway();
  const sentAt = performance.now();
  envoy.program(ir);
  controllerMs.push(performance.now() - sentAt);
  for (;;) {
    const { headers } = await client.call({ host: `host-${index}.example.com` });
    if (headers.get('x-value')[0] === value) break;
  }
  latenciesMs.push(performance.now() - sentAt);
}
console.log(`IR to served:   ${summary(latenciesMs)}`);
console.log(`IR to snapshot: ${summary(controllerMs)}`);
client.close();
backend.stop();
await envoy.stop();

function summary(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (${values.length} changes)`;
}
