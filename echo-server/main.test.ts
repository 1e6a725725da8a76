import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { TestClient } from './test-client.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

describe('the echo-server process', () => {
  it('serves until SIGTERM and ends with 0', async () => {
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ECHO_PORTS: '0', POD_NAME: 'p' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const client = new TestClient(Number(/h2c on (\d+)/.exec(line)?.[1]));
    const { responses } = await client.call<object>('echo.Echo/Echo', { text: 'x' });
    expect(responses).to.deep.equal([{ text: 'x', source: 'p' }]);
    child.kill('SIGTERM');
    expect(await ended).to.deep.equal([0, null]);
    client.close();
  });

  it('does not end while a call is in flight', async () => {
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ECHO_PORTS: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    const client = new TestClient(Number(/h2c on (\d+)/.exec(line)?.[1]));
    const stream = client.open('routeproof.v1.Probe/BidiStream');
    let answer = stream.next();
    stream.write({ text: 'before' });
    await answer;
    const stopping = once(lines, 'line');
    child.kill('SIGTERM');
    await stopping;
    answer = stream.next();
    stream.write({ text: 'after' });
    expect((await answer).text).to.equal('after');
    stream.end();
    expect((await stream.outcome).status.code).to.equal(0);
    expect(await ended).to.deep.equal([0, null]);
    client.close();
  });

  it('ends with 0 at once with --check', async () => {
    const child = spawn(process.execPath, [main, '--check'], {
      env: { ...process.env, ECHO_PORTS: '0' },
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('ends with 2 and the setting’s name when one cannot be used', async () => {
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, ECHO_PORTS: 'x' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    let text = '';
    for await (const chunk of child.stderr.setEncoding('utf8')) text += String(chunk);
    expect(await ended).to.deep.equal([2, null]);
    expect(text).to.include('ECHO_PORTS');
  });
});
