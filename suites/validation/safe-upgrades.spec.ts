import { expect, NotRun, scenario } from '../../harness/index.ts';

const crd = 'grpcroutes.gateway.networking.k8s.io';
const policy = 'safe-upgrades.gateway.networking.k8s.io';
const channel = 'gateway.networking.k8s.io/channel';
const version = 'gateway.networking.k8s.io/bundle-version';

scenario(
  {
    id: 'validation/safe-upgrades',
    title: 'With the policy that comes with the CRDs, they become neither experimental nor older',
    support: 'core',
    clauses: ['validation-crd-no-experimental-over-standard', 'validation-crd-no-downgrade'],
    manifests: [],
  },
  async (t) => {
    // The policy looks at nothing but these annotations: with another one the CRD is another release's to it.
    const annotate = (annotation: string) =>
      t.kubectl(['annotate', 'crd', crd, '--overwrite', '--dry-run=server', annotation]);
    const [installed, stored, harmless, experimental, older] = await Promise.all([
      t.kubectl(['get', 'validatingadmissionpolicy', policy, '--ignore-not-found', '-o', 'name']),
      t.kubectl(['get', 'crd', crd, '-o', 'jsonpath={.metadata.annotations}']),
      annotate('routeproof.dev/note=none'),
      annotate(`${channel}=experimental`),
      annotate(`${version}=v1.1.0`),
    ]);
    if (installed.stdout.trim() === '')
      throw new NotRun(`the cluster does not have the policy ${policy}`, 'cluster');
    if (/cannot patch resource "customresourcedefinitions"/.test(harmless.stderr))
      throw new NotRun('the user may not change CRDs, which even a dry run asks for', 'cluster');
    if (!stored.stdout.includes(`"${channel}":"standard"`))
      throw new NotRun('the CRDs are not of the standard channel', 'cluster');

    await t.check(
      'an edit that leaves release and channel alone is accepted',
      () => {
        expect(harmless.exitCode, harmless.stderr).to.equal(0);
      },
      'apply',
    );
    await t.check(
      'the experimental CRD is refused over the standard one, by the policy',
      () => {
        expect(experimental.exitCode).not.to.equal(0);
        expect(experimental.stderr)
          .to.contain(policy)
          .and.match(/experimental/);
      },
      'apply',
    );
    await t.check(
      'the CRD of v1.1.0 is refused, by the policy',
      () => {
        expect(older.exitCode).not.to.equal(0);
        expect(older.stderr)
          .to.contain(policy)
          .and.match(/version/);
      },
      'apply',
    );
  },
);
