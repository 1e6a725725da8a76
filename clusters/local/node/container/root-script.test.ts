import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { rootScript } from './root-script.ts';

const options = {
  root: '/r',
  base: '/b',
  hostname: 'h',
  files: {},
  mounts: [],
  workingDir: '/w',
  env: {},
  argv: ['true'],
};

describe('rootScript', () => {
  it('mounts an outer directory before what is inside of it, whatever the order they come in', () => {
    const mount = (target: string) => ({ source: `/s${target}`, target, readOnly: false, isFile: false });
    const script = rootScript({ ...options, mounts: [mount('/a/b/c'), mount('/a'), mount('/a/b')] });
    const order = [...script.matchAll(/--rbind \/s(\S+) /g)].map(([, target]) => target);
    expect(order).to.deep.equal(['/a', '/a/b', '/a/b/c']);
  });

  it('asks for a read-only mount', () => {
    const mounts = [{ source: '/s', target: '/t', readOnly: true, isFile: false }];
    expect(rootScript({ ...options, mounts })).to.contain('mount --rbind -o ro /s ./t');
  });

  it('is a script that a shell can read, whatever the words are', () => {
    const script = rootScript({ ...options, env: { 'A.b': "it's\n$(x) `y`" }, argv: ['a b', "'"] });
    expect(spawnSync('sh', ['-n'], { input: script }).status).to.equal(0);
  });
});
