import { expect, scenario } from '../../harness/index.ts';
import type { CrdEdit } from '../../harness/index.ts';
import { conditionOf, type GatewayClass } from '../shapes.ts';

const annotation = 'gateway.networking.k8s.io/bundle-version';
const underTest = { kind: 'GatewayClass', name: 'routeproof' };

/** One CRD of Gateway API with another version in its annotation, or with none. */
const ofVersion = (plural: string, version?: string): CrdEdit => ({
  plural,
  edit: ({ metadata }) => {
    const annotations = metadata?.annotations ?? {};
    if (annotations[annotation] === undefined) return 0;
    if (version === undefined) Reflect.deleteProperty(annotations, annotation);
    else annotations[annotation] = version;
    return 1;
  },
});

const versionOf = ({ status }: GatewayClass) => conditionOf(status?.conditions, 'SupportedVersion');
const isUnsupported = (gatewayClass: GatewayClass): boolean => {
  const { status, reason } = versionOf(gatewayClass) ?? {};
  return status === 'False' && reason === 'UnsupportedVersion';
};

scenario(
  {
    id: 'gateway/supported-version',
    title: 'The class says whether the CRDs are of a release that it knows, and of which they are',
    support: 'core',
    clauses: [
      'class-supportedversion-set',
      'class-supportedversion-unknown-crd',
      'class-unsupportedversion-choice',
      'class-unsupportedversion-message',
    ],
    channel: 'experimental',
    manifests: [],
    exclusive: true,
  },
  async (t) => {
    const before = await t.until<GatewayClass>(
      underTest,
      'the class carries SupportedVersion',
      (gatewayClass) => versionOf(gatewayClass) !== undefined,
    );
    t.note(`with the CRDs as they are: ${versionOf(before)?.message ?? ''}`);

    await t.withCrd(ofVersion('referencegrants', 'v0.0.1'), async () => {
      const seen = await t.until<GatewayClass>(
        underTest,
        'one CRD is of v0.0.1: SupportedVersion=False with reason UnsupportedVersion',
        isUnsupported,
      );
      const accepted = conditionOf(seen.status?.conditions, 'Accepted');
      await t.check(
        'the class stays Accepted, or is not Accepted for the version',
        () => {
          if (accepted?.status === 'True') return;
          expect(accepted).to.include({ status: 'False', reason: 'UnsupportedVersion' });
        },
        'status',
      );
      await t.check(
        'the message names the version that was found, and others that are supported',
        () => {
          const versions = versionOf(seen)?.message.match(/v?\d+\.\d+(\.\d+)?/g) ?? [];
          expect(versions).to.include('v0.0.1');
          expect(versions.filter((version) => version !== 'v0.0.1')).not.to.deep.equal([]);
        },
        'status',
      );
    });
    await t.until<GatewayClass>(
      underTest,
      'with the CRD put back SupportedVersion is as before',
      (gatewayClass) => versionOf(gatewayClass)?.status === versionOf(before)?.status,
    );
    await t.withCrd(ofVersion('referencegrants'), async () => {
      await t.until<GatewayClass>(
        underTest,
        'one CRD says no version: SupportedVersion=False with reason UnsupportedVersion',
        isUnsupported,
      );
    });
  },
);
