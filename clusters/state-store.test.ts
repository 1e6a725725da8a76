import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { mock } from 'node:test';
import { expect } from 'chai';
import { RouteproofError } from '../common/errors.ts';
import { StateStore } from './state-store.ts';
import { useOwnState } from './testing/cluster-session.ts';

describe('what a provider keeps of its clusters', () => {
  let state: ReturnType<typeof useOwnState>;
  const store = new StateStore<{ name: string; text: string }>(
    'of-test',
    ({ text }) => typeof text === 'string',
  );
  const names = (): string[] => store.all().states.map(({ name }) => name);
  /** Of all that lies beside the clusters' directories too. */
  const entries = (): string[] => readdirSync(dirname(store.dirOf('a')));
  beforeEach(() => (state = useOwnState()));
  afterEach(() => state.dispose());

  it('is read back, listed, changed and removed', () => {
    expect(store.all()).to.deep.equal({ states: [], unreadable: [] });
    expect(store.claim({ name: 'a', text: 'one' })).to.equal(true);
    expect(store.read('a')).to.deep.equal({ name: 'a', text: 'one' });
    store.update({ name: 'a', text: 'two' });
    expect(store.all()).to.deep.equal({ states: [{ name: 'a', text: 'two' }], unreadable: [] });
    store.remove('a');
    expect(store.read('a')).to.equal(undefined);
    expect(entries()).to.deep.equal([]);
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
    expect(entries()).to.deep.equal(['a']);
  });

  it('lists none that is being made, no directory without a state and no file', () => {
    store.claim({ name: 'a', text: '' });
    mkdirSync(store.dirOf('empty'));
    mkdirSync(store.dirOf('.new-b'));
    writeFileSync(store.dirOf('stray'), '');
    expect(store.all()).to.deep.equal({ states: [{ name: 'a', text: '' }], unreadable: [] });
    expect([store.read('empty'), store.read('stray')]).to.deep.equal([undefined, undefined]);
  });

  it('takes a name over where there is no state, with what a removal that was cut short has left', () => {
    mkdirSync(join(store.dirOf('cut'), 'logs'), { recursive: true });
    writeFileSync(store.dirOf('stray'), '');
    for (const name of ['cut', 'stray']) {
      expect(store.claim({ name, text: 'new' })).to.equal(true);
      expect(readdirSync(store.dirOf(name))).to.deep.equal(['state.json']);
    }
    expect(entries().toSorted()).to.deep.equal(['cut', 'stray']);
  });

  it('is removed only if it is what the caller has seen', () => {
    const [seen, since] = [
      { name: 'a', text: 'seen' },
      { name: 'a', text: 'since' },
    ];
    store.claim(since);
    for (const other of [seen, undefined]) {
      store.removeIfStill('a', other);
      expect(store.read('a')).to.deep.equal(since);
    }
    store.removeIfStill('a', since);
    store.removeIfStill('a', since);
    expect(entries()).to.deep.equal([]);
  });

  it('goes with the next claim where it was being made or removed, once no process can be about it', () => {
    const [fresh, gone] = [store.dirOf('.new-1'), store.dirOf('.gone-1')];
    for (const dir of [fresh, gone]) mkdirSync(join(dir, 'logs'), { recursive: true });
    store.claim({ name: 'a', text: '' });
    expect(entries().toSorted()).to.deep.equal(['.gone-1', '.new-1', 'a']);
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_600_000 });
    try {
      store.claim({ name: 'b', text: '' });
    } finally {
      mock.timers.reset();
    }
    expect(entries().toSorted()).to.deep.equal(['a', 'b']);
  });

  it('is not taken for none when it cannot be read: a cluster may run', () => {
    store.claim({ name: 'torn', text: '' });
    const file = join(store.dirOf('torn'), 'state.json');
    store.claim({ name: 'whole', text: '' });
    for (const broken of ['', '{"name":"to', 'null', '[]', '{"name":"other","text":""}', '{"name":"torn"}']) {
      writeFileSync(file, broken);
      for (const act of [() => store.read('torn'), () => store.claim({ name: 'torn', text: '' })])
        expect(act, broken).to.throw(RouteproofError, file).that.has.property('code', 'STATE_UNUSABLE');
      expect(names()).to.deep.equal(['whole']);
      const [unreadable, ...others] = store.all().unreadable;
      expect(others).to.deep.equal([]);
      expect(unreadable).to.include({ name: 'torn', kubeconfigPath: store.kubeconfigOf('torn') });
      expect(unreadable?.error).to.deep.include({ code: 'STATE_UNUSABLE', object: file });
      expect(readFileSync(file, 'utf8')).to.equal(broken);
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
    expect(() => store.claim({ name: 'a', text: '' }, { dirs: ['no/such/parent'] }))
      .to.throw(RouteproofError, 'ENOENT')
      .that.includes({ code: 'STATE_UNUSABLE', object: store.dirOf('a') });
    expect(entries()).to.deep.equal(['a']);
  });

  it('names its directory when the disk is full', () => {
    store.claim({ name: 'a', text: 'old' });
    symlinkSync('/dev/full', join(store.dirOf('a'), 'state.json.new'));
    expect(() => store.update({ name: 'a', text: 'new' }))
      .to.throw(RouteproofError, 'ENOSPC')
      .that.includes({ code: 'DISK_FULL', object: join(state.dir, 'clusters') });
    expect(store.read('a')?.text).to.equal('old');
  });

  it('says so when its folder is a file', () => {
    writeFileSync(join(state.dir, 'of-test'), '');
    expect(() => store.all())
      .to.throw(RouteproofError, join(state.dir, 'of-test'))
      .that.has.property('code', 'STATE_UNUSABLE');
  });
});
