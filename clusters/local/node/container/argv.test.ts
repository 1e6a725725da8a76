import { expect } from 'chai';
import { argvOf } from './container-launch.ts';

describe('argvOf', () => {
  const image = { command: ['entry'], args: ['default'], env: {}, mounts: [], workingDir: '/', binDirs: [] };
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
});
