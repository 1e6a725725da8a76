import { expect } from 'chai';
import { execa } from 'execa';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { writeNftInParts } from './nft-in-parts.ts';

/** Of the fake nft, which takes no file that is longer. */
const longestBytes = 60_000;
const separator = '#';

describe('nft in parts', () => {
  let dir: string;
  let bin: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'rp-nft-'));
    bin = writeNftInParts(dir);
    const real = join(dir, 'real');
    mkdirSync(real);
    const fake = `#!/bin/sh
[ "$1" = -f ] || { echo "asked: $*"; exit 7; }
grep -q broken "$2" && { echo 'Error: syntax error' >&2; exit 3; }
[ "$(wc -c <"$2")" -le ${String(longestBytes)} ] || { echo 'netlink: Error: Could not process rule: Message too long' >&2; exit 1; }
{ cat "$2"; echo '${separator}'; } >>'${dir}/taken'
`;
    writeFileSync(join(real, 'nft'), fake, { mode: 0o755 });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  async function run(text: string, ...args: string[]) {
    const path = [bin, join(dir, 'real'), process.env['PATH']].join(delimiter);
    return execa(join(bin, 'nft'), args.length === 0 ? ['-f', '-'] : args, {
      input: text,
      reject: false,
      env: { PATH: path },
    });
  }
  /** The parts that were taken, each in lines. */
  const taken = (): string[][] =>
    readFileSync(join(dir, 'taken'), 'utf8')
      .split(`${separator}\n`)
      .filter((part) => part !== '')
      .map((part) => part.trimEnd().split('\n'));
  const times = (count: number, lines: (index: number) => string[]): string[] =>
    Array.from({ length: count }, (_, index) => lines(index)).flat();
  const chainsOf = (part: string[], command: string): (string | undefined)[] => [
    ...new Set(part.filter((line) => line.startsWith(command)).map((line) => line.split(' ')[4])),
  ];
  const chain = (index: number): string => `ip kube-proxy service-${String(index)}-default/name/tcp/grpc`;
  const element = (index: number): string =>
    `element ip kube-proxy service-ips { 10.96.${String(index)}.1 . tcp . 80`;

  it('hands on what is short, and what is not a transaction', async () => {
    expect(await run('add table ip kube-proxy\n')).to.include({ exitCode: 0, stdout: '', stderr: '' });
    expect(taken()).to.deep.equal([['add table ip kube-proxy']]);
    expect(await run('', '--json', 'list', 'tables')).to.include({
      exitCode: 7,
      stdout: 'asked: --json list tables',
    });
    expect(readdirSync(bin)).to.deep.equal(['nft']);
  });

  it('says what nft said of another mistake, and its exit code', async () => {
    expect(await run('broken\n')).to.include({ exitCode: 3, stderr: 'Error: syntax error' });
  });

  const long: [string, string[]][] = [
    ['flushes of chains that are not in use', times(3000, (index) => [`flush chain ${chain(index)}`])],
    ['deleted chains', times(3000, (index) => [`delete chain ${chain(index)}`])],
    ['Services without endpoints', times(2000, (index) => [`add ${element(index)} : goto reject-chain }`])],
    [
      'Services whose address was another one',
      times(500, (index) => [
        `add chain ${chain(index)}`,
        `flush chain ${chain(index)}`,
        `delete ${element(index)} }`,
        `add ${element(index)} : goto service-${String(index)} }`,
        `add rule ${chain(index)} ip saddr != 10.244.0.0/16 jump mark-for-masquerade`,
        `add rule ${chain(index)} meta l4proto tcp dnat to 10.244.0.1:8080`,
      ]),
    ],
  ];
  for (const [what, lines] of long) {
    it(`writes all of them in order, in parts that are taken: ${what}`, async () => {
      expect(await run(`${lines.join('\n')}\n`)).to.include({ exitCode: 0, stderr: '' });
      const parts = taken();
      expect(parts).to.have.length.above(1);
      expect(parts.flat()).to.deep.equal(lines);
      for (const [index, part] of parts.entries()) {
        expect(chainsOf(part, 'add rule')).to.have.members(chainsOf(part, 'add chain'));
        const cut = `${part.at(-1) ?? ''} | ${parts[index + 1]?.[0] ?? ''}`;
        expect(cut).not.to.match(/^delete element .*\| add element/);
      }
      expect(readdirSync(bin)).to.deep.equal(['nft']);
    });
  }
});
