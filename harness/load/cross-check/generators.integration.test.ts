import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { hasTool, isExecutable, projectRoot } from '../../../common/tools.ts';
import type { Generator, GeneratorRun } from './generator.ts';
import { ghz } from './ghz.ts';
import { h2load } from './h2load.ts';

const hasH2load = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((dir) => isExecutable(join(dir, 'h2load')));

// Against the real echo server; the rate is low and no latency is asserted: it must hold on a busy machine.
describe('load generators beside k6', function () {
  this.timeout(120_000);
  let server: ChildProcess;
  let port: number;
  let workDir: string;

  before(async () => {
    workDir = mkdtempSync(join(tmpdir(), 'routeproof-generators-'));
    server = spawn(process.execPath, [join(projectRoot, 'echo-server', 'main.ts')], {
      env: { ...process.env, ECHO_PORTS: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (server.stdout === null) throw new Error('the echo server has no stdout');
    const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    port = Number(/h2c on (\d+)/.exec(line)?.[1]);
  });

  after(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
    rmSync(workDir, { recursive: true });
  });

  const run = (target: string): GeneratorRun => ({
    leg: { side: 'direct', case: '', rateRps: 20, target, authority: 'a.example.com' },
    seconds: 2,
    workDir,
    signal: new AbortController().signal,
  });
  const calls = async (generator: Generator): Promise<number[]> =>
    (await generator.measure(run(`127.0.0.1:${port}`))).latenciesMs;
  const failure = async (generator: Generator): Promise<string> => {
    try {
      await generator.measure(run('127.0.0.1:1'));
    } catch (error) {
      return String(error);
    }
    return 'no failure';
  };

  it('ghz makes all calls, and says when nobody answers', async function () {
    // Compiled only when --cross-check asks for it.
    if (!hasTool('ghz')) this.skip();
    const latencies = await calls(ghz);
    expect(latencies).to.have.length(40);
    expect(Math.min(...latencies)).to.be.above(0);
    expect(await failure(ghz)).to.contain('ghz');
  });

  it('h2load makes calls, and says when nobody answers', async function () {
    // Of a Debian package that nothing else needs.
    if (!hasH2load) this.skip();
    const latencies = await calls(h2load);
    expect(latencies.length).to.be.within(1, 80);
    expect(Math.min(...latencies)).to.be.above(0);
    expect(await failure(h2load)).to.contain('h2load');
  });
});
