import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
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
    store.claim({ name: 'a', text: '' }, { kind: 'Config' });
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

  it('lists none that is being made, and none that cannot be read', () => {
    store.claim({ name: 'a', text: '' });
    mkdirSync(store.dirOf('empty'));
    mkdirSync(store.dirOf('.new-b'));
    expect(store.all().map(({ name }) => name)).to.deep.equal(['a']);
  });
});
