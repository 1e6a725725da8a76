import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { officialReleases } from '../../common/official-releases.ts';
import { LocalProvider } from '../../clusters/local/local-provider.ts';
import { crdDir, projectRoot, toolPath } from '../../common/tools.ts';
import type { Cluster } from '../../clusters/provider.ts';
import { clusterTimeoutMs, kubectl, runIn, useOwnState } from '../../clusters/testing/cluster-session.ts';
import type { KubeObject } from '../kube/objects.ts';
import { CrdSchemas, type Schema } from './crd-schemas.ts';
import { lint } from './lint.ts';
import { editedManifests } from './testing/edited-manifests.ts';

const [release] = officialReleases;
const count = 1_000;
/** Findings of what the API server looks at; the other rules look at what is behind it. */
const ofTheApiServer = new Set(['schema', 'api-version']);

// Which broken lint fails here: one that takes what kubectl cannot create, or refuses what it can.
describe('routeproof lint, beside the API server', function () {
  this.timeout(clusterTimeoutMs);

  for (const channel of ['standard', 'experimental'] as const) {
    describe(`${release}, ${channel} channel`, () => {
      let state: ReturnType<typeof useOwnState>;
      let cluster: Cluster;
      before(async () => {
        state = useOwnState();
        cluster = await new LocalProvider().up({ name: `lint-${channel}`, lifetime: 'attached' });
        const crds = globSync(join(crdDir(channel, release), 'gateway.networking*.yaml')).flatMap((file) => [
          '-f',
          file,
        ]);
        await kubectl(cluster, 'apply', '--server-side', ...crds);
        await kubectl(cluster, 'wait', '--for=condition=Established', 'crd', '--all');
      });
      after(async () => {
        await cluster.down();
        state.dispose();
      });

      it(`says the same of ${String(count)} edited manifests`, async () => {
        const schemas = new CrdSchemas({ release, channel });
        const schemaOf = ({ apiVersion = '', kind = '' }: KubeObject) => schemas.schemaOf(apiVersion, kind);
        const seeds = manifests()
          .filter((object) => schemaOf(object) !== undefined)
          .map((object) => furnished(object, schemaOf(object) ?? {}));
        const edited = editedManifests(seeds, (object) => schemaOf(object) ?? {}, { seed: 1, count }).map(
          named,
        );
        const created = await createdOf(cluster, edited);
        const taken = edited.filter((object) => takes(object, channel));
        const differ = edited.filter(
          (object) => taken.includes(object) !== created.has(object.metadata?.name ?? ''),
        );
        expect(differ, 'judged otherwise by one of the two').to.deep.equal([]);
        expect(taken.length, 'neither all nor none').to.be.within(count / 10, (count * 9) / 10);
      });
    });
  }
});

/** All that the scenarios apply. */
function manifests(): KubeObject[] {
  return globSync(join(projectRoot, 'suites/*/**/*.yaml'))
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')))
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/** With something of all that an object may have beside its spec. */
function furnished(object: KubeObject, schema: Schema): KubeObject {
  const { kind = '' } = object;
  const status = Object.keys(schema.properties?.['status']?.properties ?? {});
  return Object.assign({}, object, {
    metadata: {
      ...(kind === 'GatewayClass' ? {} : { namespace: 'default' }),
      generateName: 'edited-',
      labels: { a: 'b' },
      annotations: { 'example.com/a': 'b' },
      finalizers: ['example.com/a'],
    },
    ...(status.length > 0 && { status: Object.fromEntries(status.map((name) => [name, [{}]])) }),
  });
}

function named(object: KubeObject, index: number): KubeObject {
  return { ...object, metadata: Object.assign({}, object.metadata, { name: `edited-${String(index)}` }) };
}

/** @returns names of those that the API server would create */
async function createdOf(cluster: Cluster, objects: readonly KubeObject[]): Promise<ReadonlySet<string>> {
  // No List: kubectl would check the whole of it by itself.
  const stream = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { stdout } = await runIn(
    cluster,
    [toolPath('kubectl'), 'create', '--dry-run=server', '-f', '-'],
    stream,
  );
  return new Set([...stdout.matchAll(/\/(edited-\d+) created/g)].map(([, name = '']) => name));
}

function takes(object: KubeObject, channel: 'standard' | 'experimental'): boolean {
  const { findings } = lint([{ file: 'edited.json', text: JSON.stringify(object) }], {
    profile: 'standard',
    release,
    channel,
  });
  return !findings.some(({ level, rule }) => level === 'error' && ofTheApiServer.has(rule));
}
