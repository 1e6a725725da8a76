import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, unwatchFile, watchFile } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { projectRoot } from '../../common/tools.ts';
import type { LoadResult } from '../results/run.ts';
import { readHistogram } from './histogram.ts';
import type { Leg } from './legs.ts';
import { loadSubjects } from './subjects.ts';
import { oneCase } from './benchmark.ts';
import { unaryLatency } from './subjects/unary-latency.ts';
import { runLoad } from './run-load.ts';
import type { LoadOptions } from './run-load.ts';

// Real k6 against the real echo server. The rate is low and no latency is asserted: it must hold on a busy machine.
describe('runLoad with k6', function () {
  this.timeout(120_000);
  let workDir: string;
  let echo: ChildProcess;
  let port: number;

  before(async () => {
    workDir = mkdtempSync(join(tmpdir(), 'load-'));
    [echo, port] = await startEcho({});
  });

  after(async () => {
    await stop(echo);
    rmSync(workDir, { recursive: true });
  });

  const plan = { rateRps: 20, blocks: 1, blockSeconds: 1, warmupSeconds: 1 };
  const load = ({
    gatewayPort = port,
    ...changes
  }: Partial<LoadOptions> & { gatewayPort?: number } = {}): Promise<LoadResult> =>
    runLoad({
      subject: unaryLatency,
      plan,
      cases: oneCase,
      legs: [
        { side: 'direct', case: '', rateRps: 20, target: `127.0.0.1:${port}` },
        {
          side: 'gateway',
          case: '',
          rateRps: 20,
          target: `127.0.0.1:${gatewayPort}`,
          authority: 'load.example.com',
        },
      ],
      proxyPids: { gateway: () => [echo.pid ?? 0] },
      workDir,
      progress: () => undefined,
      signal: new AbortController().signal,
      ...changes,
    });

  it('makes the calls it planned and measures each', async () => {
    const { variants, figures = [] } = await load();
    expect(variants.map(({ name }) => name)).to.deep.equal(['direct', 'gateway']);
    for (const variant of variants) {
      expect(variant.errors).to.equal(0);
      // An open model: arrivals are begun or counted as dropped; k6 on a starved machine may end a block a few early.
      expect(variant.requests + variant.droppedIterations).to.be.within(10, 21);
      expect(variant.latencyMs.p50).to.be.greaterThan(0);
      expect(variant.latencyMs.max).to.be.at.least(variant.latencyMs.p99);
      expect(variant.blocks).to.have.length(1);
      expect(variant.blocks[0]?.series).not.to.have.length(0);
    }
    expect(variants[1]?.proxyCpuUsPerRequest).to.be.greaterThan(0);
    // k6's samples and the histograms made of them are of the same calls.
    for (const { requests, histogram = '' } of variants)
      expect(readHistogram(histogram).count).to.equal(requests);
    const names = figures.filter(({ side }) => side === 'gateway').map(({ name }) => name);
    expect(names).to.include.members(['latencyP50Ms', 'latencyP99Ms', 'proxyCpuUsPerRequest']);
    expect(readdirSync(workDir)).to.deep.equal([]);
  });

  for (const subject of loadSubjects) {
    it(`makes the calls of ${subject.name} in every case, and measures each`, async () => {
      // Sizes and rates of the quick run; one side and one block of each, slowly. TLS has its own server in the test of scenarios.
      const cases = (subject.cases?.quick ?? oneCase).filter(({ name }) => !name.endsWith('tls'));
      const { variants, notes = [] } = await load({
        subject,
        cases,
        plan: { ...plan, blocks: subject.sliced === true ? 2 : 1 },
        legs: cases.map((of): Leg => ({
          side: 'gateway',
          case: of.name,
          rateRps: 5,
          target: `127.0.0.1:${port}`,
          metadata: subject.metadata?.(of) ?? {},
        })),
      });
      expect(notes).to.deep.equal([]);
      expect(variants.map((variant) => variant.case ?? '')).to.deep.equal(cases.map(({ name }) => name));
      for (const { requests, errors, latencyMs } of variants) {
        expect([errors, requests > 0]).to.deep.equal([0, true]);
        expect(latencyMs.p50).to.be.greaterThan(0);
      }
    });
  }

  it('marks the figures invalid when nothing listens', async () => {
    const closed = await freePort();
    const { invalid, variants } = await load({ gatewayPort: closed });
    expect(variants[1]?.errors).to.be.greaterThan(0);
    expect(invalid.join('\n')).to.match(/gateway: \d+ of \d+ calls failed.*refused/);
  });

  it('marks the figures invalid when the backend answers with an error', async () => {
    const [other, otherPort] = await startEcho({ ECHO_SERVICES: 'greeter' });
    const { invalid } = await load({ gatewayPort: otherPort });
    await stop(other);
    expect(invalid.join('\n')).to.match(
      /gateway: \d+ of \d+ calls failed, most often with "status Unimplemented/,
    );
  });

  it('reports what k6 says when the script cannot run', async () => {
    const failure = await load({ plan: { ...plan, blocks: 0 } }).catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'LOAD_FAILED');
    expect(failure).to.have.property('message').that.includes('BLOCKS');
    expect(readdirSync(workDir)).to.deep.equal([]);
  });

  it('stops k6 when it is aborted', async () => {
    const abort = new AbortController();
    const samples = join(workDir, `unary-latency-${process.pid}.csv`);
    // Polled: inotify instances are scarce on a machine full of pods.
    const appeared = new Promise<void>((resolve) =>
      watchFile(samples, { interval: 50 }, ({ ino }) => {
        if (ino !== 0) resolve();
      }),
    );
    const running = load({ plan: { ...plan, blocks: 100 }, signal: abort.signal }).catch(
      (error: unknown) => error,
    );
    await appeared;
    unwatchFile(samples);
    expect(processesNaming(workDir)).to.have.length(1);
    abort.abort(new Error('enough'));
    expect(await running).to.have.property('message', 'enough');
    expect(processesNaming(workDir)).to.deep.equal([]);
    expect(readdirSync(workDir)).to.deep.equal([]);
  });
});

async function startEcho(env: Record<string, string>): Promise<[ChildProcess, number]> {
  const child = spawn(process.execPath, [join(projectRoot, 'echo-server', 'main.ts')], {
    env: { ...process.env, ECHO_PORTS: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return [child, Number(/h2c on (\d+)/.exec(line)?.[1])];
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Ids of processes with this text in their command line. */
function processesNaming(text: string): string[] {
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });
}
