import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { messageOf } from '../common/errors.ts';
import { projectRoot } from '../common/tools.ts';
import { K3sProvider } from './k3s/k3s-provider.ts';
import { KindProvider } from './kind/kind-provider.ts';
import { LocalProvider } from './local/local-provider.ts';
import { checkPrerequisites } from './local/prerequisites.ts';
import type { Cluster } from './provider.ts';
import { clusterTimeoutMs, runIn, useOwnState } from './testing/cluster-session.ts';
import { describeContract } from './testing/contract.ts';
import { canStandIn, makeK3sStandIn } from './testing/k3s-stand-in/image.ts';
import { checkK3s, checkKind, makeKindTestImage } from './testing/kind-test-image.ts';
import { setVariable } from './testing/set-variable.ts';

/** A node in a container starts all of Kubernetes: 100 s on two cores with ten times their load. */
const nodeTimeoutMs = 300_000;

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

describe('clusters of kind', function () {
  this.timeout(nodeTimeoutMs);
  if (whyNotKind !== undefined) {
    it(`not run on this machine: ${whyNotKind}`);
    return;
  }
  let removeImage: () => Promise<void>;
  before(async () => {
    removeImage = await makeKindTestImage();
  });
  after(() => removeImage());
  describeContract(new KindProvider(), nodeTimeoutMs);
});

/** Why this machine cannot host clusters of k3s; with k3s itself, and with a stand-in for its image. */
const whyNotK3s = await checkK3s().then(
  () => undefined,
  (error: unknown) => messageOf(error),
);
const whyNoStandIn =
  whyNotKind ?? ((await canStandIn()) ? undefined : 'no image of a kind node is made here');

describe('clusters of k3s', function () {
  this.timeout(nodeTimeoutMs);
  if (whyNotK3s !== undefined) {
    it(`not run on this machine: ${whyNotK3s}`);
    return;
  }
  let removeImage: () => Promise<void>;
  before(async () => {
    removeImage = await makeKindTestImage();
  });
  after(() => removeImage());
  describeContract(new K3sProvider(), nodeTimeoutMs);
});

describe('clusters of k3s, a stand-in for its image', function () {
  this.timeout(nodeTimeoutMs);
  if (whyNotK3s === undefined || whyNoStandIn !== undefined) {
    it(`not run on this machine: ${whyNoStandIn ?? 'k3s itself is'}`);
    return;
  }
  const undo: (() => unknown)[] = [];
  before(async () => {
    undo.push(await makeKindTestImage());
    const { image, remove } = await makeK3sStandIn();
    undo.push(remove, setVariable('ROUTEPROOF_K3S_IMAGE', image));
  });
  after(async () => {
    for (const each of undo) await each();
  });
  describeContract(new K3sProvider(), nodeTimeoutMs);
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
