import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { messageOf } from '../common/errors.ts';
import { projectRoot } from '../common/tools.ts';
import { KindProvider } from './kind/kind-provider.ts';
import { LocalProvider } from './local/local-provider.ts';
import { checkPrerequisites } from './local/prerequisites.ts';
import type { Cluster } from './provider.ts';
import { clusterTimeoutMs, runIn, useOwnState } from './testing/cluster-session.ts';
import { describeContract } from './testing/contract.ts';
import { checkKind, makeKindTestImage } from './testing/kind-test-image.ts';

/** Why this machine cannot host local clusters. */
const why = await checkPrerequisites().then(
  () => undefined,
  (error: unknown) => messageOf(error),
);

if (why === undefined) {
  describeContract(new LocalProvider());
  describeExisting();
} else {
  for (const name of ['local', 'kubeconfig'])
    describe(`the contract of clusters: ${name}`, () => it(`not run on this machine: ${why}`));
}

/** Why this machine cannot host clusters of kind. */
const whyNotKind = await checkKind().then(
  () => undefined,
  (error: unknown) => messageOf(error),
);

describe('clusters of kind', () => {
  if (whyNotKind !== undefined) {
    it(`not run on this machine: ${whyNotKind}`);
    return;
  }
  let removeImage: () => Promise<void>;
  before(async () => {
    removeImage = await makeKindTestImage();
  });
  after(() => removeImage());
  describeContract(new KindProvider());
});

/** An existing cluster is dialled from where the test runs: it is a local one, and the test runs in its network. */
function describeExisting(): void {
  describe('the contract of clusters: kubeconfig', function () {
    this.timeout(2 * clusterTimeoutMs);
    let state: ReturnType<typeof useOwnState>;
    let host: Cluster;
    before(async () => {
      state = useOwnState();
      host = await new LocalProvider().up({ name: 'host', lifetime: 'attached' });
    });
    after(async () => {
      await host.down();
      state.dispose();
    });

    it('is kept by a cluster that was there before', async () => {
      const mocha = join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js');
      const inside = fileURLToPath(new URL('testing/contract-of-kubeconfig.ts', import.meta.url));
      const argv = [process.execPath, mocha, '--no-config', '--reporter', 'json', inside] as const;
      const { exitCode, stdout, stderr } = await runIn(host, [...argv]);
      expect(exitCode, stderr + stdout).to.equal(0);
      const { stats } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { stats: Record<string, number> };
      expect(stats['passes']).to.be.greaterThan(8);
      expect(stats['pending']).to.equal(0);
    });
  });
}
