import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseImageFile } from '../../clusters/local/images/image-table.ts';
import { RouteproofError } from '../../common/errors.ts';
import { readManifests } from '../manifests/manifest-dir.ts';
import { specFiles } from '../specs/spec-files.ts';
import { implementationNames, readImplementation } from './implementation.ts';

describe('implementations', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'rp-implementations-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  function failureOf(read: () => unknown): RouteproofError {
    try {
      read();
    } catch (error) {
      if (error instanceof RouteproofError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  }
  function write(name: string, text: string): void {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'implementation.yaml'), text);
  }

  it('names those that are like one that is not there, else all', () => {
    const { code, hint } = failureOf(() => readImplementation('envoy-gatway'));
    expect([code, hint]).to.deep.equal(['USAGE', 'did you mean envoy-gateway?']);
    const { message } = failureOf(() => readImplementation('zzzzzzzzzzzzzzzz'));
    for (const name of implementationNames()) expect(message).to.include(name);
  });

  it('names every problem of a description with its path', () => {
    const rest = 'title: T\nversion: v1\nurl: https://x\ngatewayClass: c\nmanifests: m\nlogNamespaces: [n]';
    const known = '{scenario: a/b, reason: a reason that is long enough}';
    write(
      'mine',
      `name: yours\n${rest}\nneeds: {dns: yes, tools: [nothing]}\nknownFailures: [${known}, ${known}]\nmore: 1`,
    );
    const { code, seen } = failureOf(() => readImplementation('mine', dir));
    expect(code).to.equal('INVALID_INPUT');
    expect(seen?.split('; ')).to.deep.equal([
      '/ must NOT have additional properties',
      '/needs/dns must be boolean',
      '/name is not that of its folder, mine',
      'there is no tool nothing',
      '/knownFailures has a/b twice',
    ]);
  });

  it('says what is wrong with a description that is no map', () => {
    write('empty', '');
    expect(failureOf(() => readImplementation('empty', dir)).seen).to.include('/ must be object');
  });

  for (const name of implementationNames()) {
    it(`${name}: has a class among its manifests, images with a valid mapping, and known failures that exist`, async () => {
      const { dir: home, manifests, gatewayClass, knownFailures, alone = [] } = readImplementation(name);
      const images = join(home, 'images.yaml');
      if (existsSync(images))
        expect(parseImageFile(readFileSync(images, 'utf8'), images)).to.not.equal(undefined);
      const objects = await readManifests(join(home, manifests));
      const classes = objects
        .filter(({ kind }) => kind === 'GatewayClass')
        .map(({ metadata }) => metadata?.name);
      expect(classes).to.include(gatewayClass);
      const scenarios = [...specFiles().keys()];
      expect(scenarios).to.include.members([...knownFailures.map(({ scenario }) => scenario), ...alone]);
    });
  }
});
