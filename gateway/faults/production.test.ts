import { build } from 'esbuild';
import { expect } from 'chai';
import { join, relative } from 'node:path';
import { projectRoot } from '../../common/tools.ts';

/** Every file of this repository that the entry point imports, at whatever distance, types left away. */
async function filesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(projectRoot, entry)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
    metafile: true,
    logLevel: 'silent',
    absWorkingDir: projectRoot,
  });
  return Object.keys(metafile.inputs).map((file) => relative(projectRoot, join(projectRoot, file)));
}

describe('fault code', () => {
  it('is not in the production entry point', async () => {
    const files = await filesOf('gateway/main.ts');
    expect(files).to.include('gateway/controller.ts');
    expect(files.filter((file) => /^gateway\/(faults|mutants|replay)\//.test(file))).to.deep.equal([]);
  });

  it('is in the entry point of its own, with everything that the production one has', async () => {
    const [own, production] = await Promise.all([
      filesOf('gateway/faults/main.ts'),
      filesOf('gateway/main.ts'),
    ]);
    expect(own).to.include('gateway/faults/catalog.ts');
    expect(production.filter((file) => !own.includes(file))).to.deep.equal(['gateway/main.ts']);
  });
});
