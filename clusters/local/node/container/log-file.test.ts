import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { LogFile, rotatedLogPath } from './log-file.ts';

describe('LogFile', () => {
  let dir: string;
  let path: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rp-log-'));
    path = join(dir, '0.log');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('writes whole lines with time and stream, however they come', async () => {
    const log = new LogFile(path);
    await log.consume(Readable.from(['a', 'b\nc\n', 'rest']), 'stdout');
    await log.consume(Readable.from(['e\n']), 'stderr');
    await log.close();
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^\S+Z /, ''))).to.deep.equal([
      'stdout F ab',
      'stdout F c',
      'stdout F rest',
      'stderr F e',
    ]);
  });

  it('breaks a line that does not end', async () => {
    const log = new LogFile(path);
    await log.consume(Readable.from(['x'.repeat(40_000)]), 'stdout');
    await log.close();
    expect(readFileSync(path, 'utf8').length).to.be.greaterThan(40_000);
  });

  it('keeps no more than the current file and one before it', async () => {
    const log = new LogFile(path, 250);
    for (let i = 0; i < 20; i++)
      await log.consume(Readable.from([`line ${i} ${'x'.repeat(60)}\n`]), 'stdout');
    await log.close();
    expect(lineNumbers(path)).to.deep.equal(['18', '19']);
    expect(lineNumbers(rotatedLogPath(path))).to.deep.equal(['15', '16', '17']);
  });
});

function lineNumbers(file: string): (string | undefined)[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => /line (\d+)/.exec(line)?.[1]);
}
