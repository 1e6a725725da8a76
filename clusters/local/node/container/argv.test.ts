import { expect } from 'chai';
import { argvOf, programOf } from './container-launch.ts';

describe('argvOf', () => {
  const image = {
    command: ['entry'],
    args: ['default'],
    env: {},
    mounts: [],
    programs: {},
    workingDir: '/',
    binDirs: [],
  };
  const cases: [string, { command?: string[]; args?: string[] }, string[]][] = [
    ['the image alone', {}, ['entry', 'default']],
    ['args', { args: ['x', '$(A)'] }, ['entry', 'x', '1']],
    ['command', { command: ['own'] }, ['own']],
    ['both', { command: ['own'], args: ['x'] }, ['own', 'x']],
  ];
  for (const [name, container, expected] of cases) {
    it(`runs ${expected.join(' ')} for ${name}`, () => {
      expect(argvOf({ name: 'c', ...container }, image, { A: '1' })).to.deep.equal(expected);
    });
  }

  it('puts what runs instead in the place of a path that the image has', () => {
    const programs = { '/bin/own': '/tools/own' };
    expect(programOf(programs, ['/bin/own', '/bin/own'])).to.deep.equal(['/tools/own', '/bin/own']);
    expect(programOf(programs, ['own'])).to.deep.equal(['own']);
  });
});
