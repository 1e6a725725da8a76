import { expect } from 'chai';
import { describeMutant } from './mutant.ts';
import { Order } from './order.ts';
import { sampled } from './run-mutants.ts';
import { instrumented, loadInstrumenter } from './source-tree.ts';

const content = `export function first(list: readonly number[]): string {
  if (list.length === 0) return 'none';
  return String(list[0]);
}
`;

describe('mutants of the bundled gateway', () => {
  it('name the place, what stood there and what stands there instead, and leave messages alone', async () => {
    const { instrumenter } = await loadInstrumenter();
    const { mutants, files } = await instrumented(instrumenter, [{ name: 'gateway/x.ts', content }]);
    expect(mutants.map(describeMutant)).to.include.members([
      'gateway/x.ts:2:7 ConditionalExpression: list.length === 0 -> true',
      'gateway/x.ts:2:7 EqualityOperator: list.length === 0 -> list.length !== 0',
    ]);
    expect(mutants.map(({ mutator }) => mutator)).not.to.include('StringLiteral');
    expect(files.map(({ name }) => name)).to.deep.equal(['gateway/x.ts']);
    for (const { id } of mutants) expect(files[0]?.content).to.contain(`stryMutAct_9fa48("${id}")`);
  });

  it('are described on one line, however long the code is', () => {
    const told = describeMutant({
      id: '1',
      file: 'gateway/x.ts',
      line: 1,
      column: 2,
      mutator: 'BlockStatement',
      original: `{\n  ${'call();\n'.repeat(40)}}`,
      replacement: '{}',
    });
    expect(told).to.match(/^gateway\/x\.ts:1:2 BlockStatement: \{ call\(\); call\(\);.*… -> \{\}$/);
  });

  it('are sampled by chance, the same ones for the same seed, none twice', () => {
    const all = Array.from({ length: 100 }, (_, at) => at);
    const sample = sampled(all, { count: 20, seed: 7 });
    expect(new Set(sample).size).to.equal(20);
    expect(sampled(all, { count: 20, seed: 7 })).to.deep.equal(sample);
    expect(sampled(all, { count: 20, seed: 8 })).not.to.deep.equal(sample);
    expect(sampled(all, undefined)).to.deep.equal(all);
  });

  it('are shown first to scenarios that noticed one of the same file, then of the same folder', () => {
    const order = new Order();
    order.noteCatch({ file: 'gateway/xds/a.ts' }, 's/3');
    order.noteCatch({ file: 'gateway/xds/b.ts' }, 's/2');
    order.noteCatch({ file: 'gateway/xds/b.ts' }, 's/2');
    order.noteCatch({ file: 'gateway/ads/c.ts' }, 's/1');
    const ids = ['s/0', 's/1', 's/2', 's/3'];
    expect(order.sorted({ file: 'gateway/xds/a.ts' }, ids)).to.deep.equal(['s/3', 's/2', 's/1', 's/0']);
    expect(order.sorted({ file: 'gateway/ads/d.ts' }, ids)[0]).to.equal('s/1');
  });
});
