import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { shellWord } from './shell-word.ts';

describe('shellWord', () => {
  it('gives a shell back the same word', () => {
    for (const word of ['', 'a', 'a b', "it's", '$(x) `y` "z" \\', 'line\nline']) {
      const { stdout } = spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
      expect(stdout).to.equal(word);
    }
  });
});
