import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../common/errors.ts';
import { StateStore } from './state-store.ts';
import { useOwnState } from './testing/cluster-session.ts';

describe('what a provider keeps of its clusters', () => {
  let state: ReturnType<typeof useOwnState>;
  const store = new StateStore<{ name: string; text: string }>('of-test');
  beforeEach(() => (state = useOwnState()));
  afterEach(() => state.dispose());

  it('is read back, listed, changed and removed', () => {
    expect(store.all()).to.deep.equal([]);
    expect(store.claim({ name: 'a', text: 'one' })).to.equal(true);
    expect(store.read('a')).to.deep.equal({ name: 'a', text: 'one' });
    store.update({ name: 'a', text: 'two' });
    expect(store.all()).to.deep.equal([{ name: 'a', text: 'two' }]);
    store.remove('a');
    expect(store.read('a')).to.equal(undefined);
    expect(existsSync(store.dirOf('a'))).to.equal(false);
  });

  it('is readable for its owner alone, the kubeconfig too', () => {
    store.claim({ name: 'a', text: '' }, { kubeconfig: { kind: 'Config' } });
    for (const file of [store.kubeconfigOf('a'), join(store.dirOf('a'), 'state.json')])
      expect(statSync(file).mode & 0o777, file).to.equal(0o600);
    expect(statSync(store.dirOf('a')).mode & 0o777).to.equal(0o700);
  });

  it('refuses a name that is taken, leaves that as it is, and no half-made one behind', () => {
    store.claim({ name: 'a', text: 'first' });
    expect(store.claim({ name: 'a', text: 'second' })).to.equal(false);
    expect(store.read('a')?.text).to.equal('first');
    expect(readdirSync(dirname(store.dirOf('a')))).to.deep.equal(['a']);
  });

  it('lists none that is being made, and no directory without a state', () => {
    store.claim({ name: 'a', text: '' });
    mkdirSync(store.dirOf('empty'));
    mkdirSync(store.dirOf('.new-b'));
    expect(store.all().map(({ name }) => name)).to.deep.equal(['a']);
    expect(store.read('empty')).to.equal(undefined);
  });

  it('is not taken for none when it cannot be read: a cluster may run', () => {
    store.claim({ name: 'torn', text: '' });
    const file = join(store.dirOf('torn'), 'state.json');
    for (const broken of ['', '{"name":"to']) {
      writeFileSync(file, broken);
      for (const read of [() => store.read('torn'), () => store.all()])
        expect(read).to.throw(RouteproofError, file).that.has.property('code', 'STATE_UNUSABLE');
    }
    rmSync(file);
    mkdirSync(file);
    expect(() => store.read('torn')).to.throw(RouteproofError, 'EISDIR');
  });

  it('is changed as a whole: who has it open reads on in what was there', () => {
    store.claim({ name: 'a', text: 'old' });
    const open = openSync(join(store.dirOf('a'), 'state.json'), 'r');
    try {
      store.update({ name: 'a', text: 'new' });
      expect(JSON.parse(readFileSync(open, 'utf8'))).to.deep.equal({ name: 'a', text: 'old' });
    } finally {
      closeSync(open);
    }
    expect(store.read('a')?.text).to.equal('new');
    expect(readdirSync(store.dirOf('a'))).to.deep.equal(['state.json']);
  });

  it('has the directories that belong to it from the start', () => {
    store.claim({ name: 'a', text: '' }, { dirs: ['logs'] });
    expect(statSync(join(store.dirOf('a'), 'logs')).mode & 0o777).to.equal(0o700);
  });

  it('tells a name that is taken from a disk that cannot be written', () => {
    store.claim({ name: 'a', text: '' });
    expect(() => store.claim({ name: 'a', text: '' }, { dirs: ['no/such/parent'] })).to.throw('ENOENT');
  });
});
