import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from './errors.ts';
import { cacheDir, toolPath } from './tools.ts';

describe('finding the real binaries', () => {
  const variables = [
    'ENVOY_PATH',
    'KUBEBUILDER_ASSETS',
    'ROUTEPROOF_TOOLS',
    'ROUTEPROOF_CACHE',
    'XDG_CACHE_HOME',
  ];
  const saved = new Map(variables.map((name) => [name, process.env[name]]));
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tools-'));
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    process.env['ROUTEPROOF_CACHE'] = join(directory, 'empty-cache');
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
    for (const [name, value] of saved) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  function binary(name: string): string {
    const path = join(directory, name);
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o755);
    return path;
  }

  it('honours ENVOY_PATH, which names the binary itself', () => {
    process.env['ENVOY_PATH'] = binary('my-envoy');
    expect(toolPath('envoy')).to.equal(join(directory, 'my-envoy'));
  });

  it('honours KUBEBUILDER_ASSETS, a directory', () => {
    process.env['KUBEBUILDER_ASSETS'] = directory;
    binary('etcd');
    expect(toolPath('etcd')).to.equal(join(directory, 'etcd'));
  });

  it('does not take a file that cannot be run', () => {
    process.env['ENVOY_PATH'] = join(directory, 'plain');
    writeFileSync(join(directory, 'plain'), 'text');
    expect(() => toolPath('envoy')).to.throw(RouteproofError, /plain/);
  });

  it('names every place it looked at, and what to do', () => {
    process.env['ROUTEPROOF_TOOLS'] = '/nowhere';
    expect(() => toolPath('k6')).to.throw(RouteproofError, /\/nowhere\/k6, .*empty-cache.*\n.*make setup/);
  });

  it('keeps its cache where the user says', () => {
    expect(cacheDir()).to.equal(join(directory, 'empty-cache'));
    Reflect.deleteProperty(process.env, 'ROUTEPROOF_CACHE');
    process.env['XDG_CACHE_HOME'] = '/xdg';
    expect(cacheDir()).to.equal('/xdg/routeproof');
  });
});
