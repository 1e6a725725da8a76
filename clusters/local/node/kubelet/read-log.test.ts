import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { LogFile, rotatedLogPath } from '../container/log-file.ts';
import { parseLogOptions } from './log-options.ts';
import { readLog } from './read-log.ts';
import type { LogSource } from './read-log.ts';

const lineOf = (text: string) => `2026-01-01T00:00:00.000Z stdout F ${text}\n`;

async function read(
  source: LogSource,
  query: string,
  signal = new AbortController().signal,
): Promise<string> {
  let text = '';
  for await (const part of readLog(source, parseLogOptions(new URLSearchParams(query), Date.now()), signal))
    text += part;
  return text;
}

describe('readLog', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rp-log-'));
    path = join(dir, '0.log');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('reads the rotated part first, the tail, and so many bytes', async () => {
    writeFileSync(rotatedLogPath(path), lineOf('one'));
    writeFileSync(path, lineOf('two') + lineOf('three') + 'unfinished');
    const source = { path, live: undefined };
    expect(await read(source, '')).to.equal('one\ntwo\nthree\n');
    expect(await read(source, 'tailLines=1')).to.equal('three\n');
    expect(await read(source, 'tailLines=0')).to.equal('');
    expect(await read(source, 'limitBytes=6')).to.equal('one\ntw');
  });

  it('is empty for a log that there is not yet', async () => {
    expect(await read({ path, live: undefined }, '')).to.equal('');
  });

  it('follows to the end of the container, with what it writes last', async () => {
    const log = new LogFile(path);
    const output = new PassThrough();
    const ended = log.consume(output, 'stdout').then(() => log.close());
    output.write('first\n');
    await log.nextWrite();
    const following = read({ path, live: { ended, nextWrite: () => log.nextWrite() } }, 'follow=true');
    output.write('second\n');
    await log.nextWrite();
    output.end('last');
    expect(await following).to.equal('first\nsecond\nlast\n');
  });

  it('follows across a rotation', async () => {
    const log = new LogFile(path, 200);
    const output = new PassThrough();
    const ended = log.consume(output, 'stdout').then(() => log.close());
    output.write('first\n');
    await log.nextWrite();
    const following = read({ path, live: { ended, nextWrite: () => log.nextWrite() } }, 'follow=true');
    const texts = ['second'.padEnd(200, '.'), 'third', 'fourth'];
    output.write(`${texts[0]}\n`);
    await log.nextWrite();
    output.end(`${texts.slice(1).join('\n')}\n`);
    expect(await following).to.equal(`first\n${texts.join('\n')}\n`);
  });

  it('stops following when the reader has gone', async () => {
    writeFileSync(path, lineOf('one'));
    const gone = new AbortController();
    const never = new Promise<void>(() => undefined);
    const following = read(
      { path, live: { ended: never, nextWrite: () => never } },
      'follow=true',
      gone.signal,
    );
    setImmediate(() => gone.abort());
    expect(await following).to.equal('one\n');
  });
});
