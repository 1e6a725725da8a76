import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { ScenarioResult } from '../harness/results/run.ts';
import { headOf, jsonForScript, packDetail } from './formats/embed.ts';
import { exampleRun, hostileRun, injection, largeRun } from './testing/example-run.fixture.ts';
import { pageAssets, reportHtml } from './html.ts';
import { objectView } from './wording/object-view.ts';
import type { ScenarioDetail } from './formats/page-data.ts';

describe('jsonForScript', () => {
  it('can stand in a script element and means the same', () => {
    const json = jsonForScript({ [injection]: injection });
    expect(json).not.to.match(/[<>&\u2028\u2029\p{Cc}]/u);
    expect(JSON.parse(json)).to.deep.equal({ [injection]: injection });
  });
});

describe('packDetail', () => {
  const [scenario] = exampleRun().scenarios as [ScenarioResult];
  const unpacked = JSON.parse(
    gunzipSync(Buffer.from(packDetail(scenario), 'base64')).toString(),
  ) as ScenarioDetail;

  it('holds what the head leaves out', () => {
    expect(unpacked.timeline).to.deep.equal(scenario.timeline);
    expect(unpacked.calls).to.deep.equal(scenario.evidence.calls);
    expect(unpacked.repro).to.deep.equal(scenario.repro);
    expect(headOf(exampleRun()).scenarios[0]).not.to.have.any.keys('timeline', 'evidence', 'repro');
  });
});

describe('objectView', () => {
  const route = {
    kind: 'GRPCRoute',
    apiVersion: 'gateway.networking.k8s.io/v1',
    metadata: { name: 'r', namespace: 'n', generation: 2, managedFields: [{ manager: 'm' }] },
    status: {
      parents: [
        {
          parentRef: { name: 'gw', namespace: 'm', sectionName: 'http' },
          conditions: [
            { type: 'Accepted', status: 'True', reason: 'Accepted', observedGeneration: 1, message: '' },
          ],
        },
      ],
    },
  };

  it('marks a condition of an older generation', () => {
    expect(objectView(route).conditions).to.deep.equal([
      {
        of: 'parent m/gw/http',
        type: 'Accepted',
        status: 'True',
        reason: 'Accepted',
        message: '',
        stale: true,
      },
    ]);
  });

  it('leaves out the bookkeeping of the API server and starts as manifests do', () => {
    const { yaml, kind, name } = objectView(route);
    expect([kind, name]).to.deep.equal(['GRPCRoute', 'n/r']);
    expect(yaml)
      .to.match(/^apiVersion: .*\nkind: GRPCRoute\nmetadata:\n/)
      .and.not.to.include('managedFields');
  });

  it('takes anything that JSON can hold', () => {
    for (const odd of [
      null,
      'text',
      7,
      [],
      {},
      { metadata: null, status: { conditions: 'x', parents: [null] } },
    ])
      expect(objectView(odd).conditions).to.deep.equal([]);
  });
});

describe('reportHtml', () => {
  it('holds no way to load anything and no unescaped data', async () => {
    const html = reportHtml(hostileRun(), await pageAssets());
    expect(html).to.match(/default-src 'none'; script-src 'sha256-[^' ]+';/);
    expect(html.match(/<script/g)).to.have.length(2 + hostileRun().scenarios.length);
    expect(html).not.to.match(/<(img|link rel="stylesheet"|script src)/);
  });

  it('stays below 2 MB, and grows slowly with the number of scenarios', async () => {
    const assets = await pageAssets();
    expect(Buffer.byteLength(reportHtml(exampleRun(), assets))).to.be.lessThan(2_000_000);
    const run = largeRun(1000);
    expect(Buffer.byteLength(reportHtml(run, assets))).to.be.lessThan(JSON.stringify(run).length / 4);
  });
});
