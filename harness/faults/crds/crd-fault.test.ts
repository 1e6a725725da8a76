import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { crdDir } from '../../../common/tools.ts';
import { knownClauses } from '../../specs/validate.ts';
import { parseManifest } from '../../manifests/manifest.ts';
import type { Crd } from '../../crds/crd.ts';
import type { Policy } from '../../crds/upgrade-policy.ts';
import { editAll, schemaEdits, type Schema } from '../../crds/schema.ts';
import { crdFaults } from './crd-fault.ts';

const prefix = 'gateway.networking.k8s.io_';
const crdsOf = (channel: 'standard' | 'experimental'): Map<string, Crd> =>
  new Map(
    readdirSync(crdDir(channel))
      .filter((file) => file.startsWith(prefix) && !file.includes('_vap_'))
      .map((file) => [file.slice(prefix.length, -'.yaml'.length), crdIn(join(crdDir(channel), file))]),
  );
const crds = { standard: crdsOf('standard'), experimental: crdsOf('experimental') };

function crdIn(path: string): Crd {
  return parse(readFileSync(path, 'utf8')) as Crd;
}

const [policy] = parseManifest(
  readFileSync(join(crdDir('standard'), `${prefix}vap_safeupgrades.yaml`), 'utf8'),
  'the policy',
).map(({ object }) => object as Policy);

describe('faults of CRDs', () => {
  const faults = crdFaults(knownClauses());

  it('change something in the pinned CRD, and violate a clause', () => {
    for (const fault of faults) {
      expect(fault.clauses, fault.name).not.to.be.empty;
      if ('editPolicy' in fault) {
        expect(fault.editPolicy(structuredClone(policy as Policy)), fault.name).to.equal(1);
        continue;
      }
      const crd = crds[fault.channel ?? 'standard'].get(fault.plural);
      expect(crd, fault.plural).not.to.equal(undefined);
      if (crd !== undefined) expect(fault.edit(structuredClone(crd)), fault.name).to.be.above(0);
    }
  });

  it('have names of their own', () => {
    expect(new Set(faults.map(({ name }) => name)).size).to.equal(faults.length);
  });

  it('let an upper bound be one higher, at every depth', () => {
    const schema: Schema = {
      properties: { list: { maxItems: 2, items: { maxLength: 5 } } },
      additionalProperties: { maxItems: 1 },
    };
    expect(editAll(schema, schemaEdits['one-item-too-many'])).to.equal(2);
    expect(schema).to.deep.equal({
      properties: { list: { maxItems: 3, items: { maxLength: 5 } } },
      additionalProperties: { maxItems: 2 },
    });
  });

  it('leave the keys of a list of type map required, as the API server demands', () => {
    const schema: Schema = {
      'x-kubernetes-list-map-keys': ['name'],
      items: { required: ['name', 'port'], properties: { port: { required: ['number'] } } },
    };
    expect(editAll(schema, schemaEdits['nothing-required'])).to.equal(2);
    expect(schema.items).to.deep.equal({ required: ['name'], properties: { port: {} } });
  });
});
