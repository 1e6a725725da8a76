import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writePayload } from './write-payload.ts';

const file = (text: string, mode = 0o644) => ({ content: Buffer.from(text), mode });

describe('writePayload', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'rp-volume-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('writes files with their modes, also in directories', async () => {
    await writePayload(dir, { a: file('1', 0o600), 'x/y': file('2') });
    expect(readFileSync(join(dir, 'a'), 'utf8')).to.equal('1');
    expect(readFileSync(join(dir, 'x', 'y'), 'utf8')).to.equal('2');
    expect(statSync(join(dir, 'a')).mode & 0o777).to.equal(0o600);
  });

  it('replaces, adds and removes files, and keeps no old version', async () => {
    await writePayload(dir, { a: file('1'), gone: file('x') });
    await writePayload(dir, { a: file('2'), fresh: file('3') });
    expect(readFileSync(join(dir, 'a'), 'utf8')).to.equal('2');
    expect(readFileSync(join(dir, 'fresh'), 'utf8')).to.equal('3');
    expect(readdirSync(dir).filter((name) => !name.startsWith('..'))).to.have.members(['a', 'fresh']);
    expect(readdirSync(dir).filter((name) => name.startsWith('..'))).to.have.length(2);
  });
});
