/**
 * All scenarios have the same Gateway and the same echo pods. What tells whose route a call took is its host, which no other scenario has: names
 * under example.com are moved apart (harness/scenario/names.ts), others are not, and a route without a hostname takes every host.
 */
import { expect } from 'chai';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseManifest } from '../harness/apply/manifest.ts';
import { suitesDir } from '../harness/scenario/spec-files.ts';
import type { Route } from './shapes.ts';

interface Shared {
  file: string;
  name: string;
  hosts: string[];
}

const notScenarios = new Set(['base', 'clauses', 'load']);

/** Every route of a manifest that names the shared Gateway as a parent. */
function sharedRoutes(): Shared[] {
  return globSync('*/*.yaml', { cwd: suitesDir })
    .filter((file) => !notScenarios.has(dirname(file)) && !file.endsWith('.profile.yaml'))
    .flatMap((file) =>
      parseManifest(readFileSync(join(suitesDir, file), 'utf8'), file)
        .map(({ object }) => object as Route)
        .filter(({ kind, spec }) => kind?.endsWith('Route') === true && namesShared(spec))
        .map(({ metadata, spec }) => ({ file, name: metadata?.name ?? '', hosts: spec.hostnames ?? [] })),
    );
}

function namesShared({ parentRefs = [] }: Route['spec']): boolean {
  return parentRefs.some(({ name, namespace }) => name === 'shared' && namespace === 'routeproof-base');
}

/** `hostname/exact` of its manifests `hostname/exact.yaml`, `hostname/exact.later.yaml` and `hostname/exact-v1.7.0.yaml`. */
function scenarioOf(file: string): string {
  return file.replace(/(-v\d+\.\d+\.\d+)?(\.[\w-]+)?\.yaml$/, '');
}

describe('routes on the shared Gateway', () => {
  it('have hostnames, so that none takes the calls of other scenarios', () => {
    const routes = sharedRoutes();
    expect(routes.length).to.be.greaterThan(100);
    expect(routes.filter(({ hosts }) => hosts.length === 0)).to.deep.equal([]);
  });

  it('share no host that is not moved apart with another scenario', () => {
    const users = new Map<string, Set<string>>();
    for (const { file, hosts } of sharedRoutes())
      for (const host of hosts.filter((each) => !/(^|\.)example\.com$/i.test(each)))
        users.set(host, (users.get(host) ?? new Set()).add(scenarioOf(file)));
    expect(users.size).to.be.greaterThan(0);
    expect([...users].filter(([, scenarios]) => scenarios.size > 1)).to.deep.equal([]);
  });
});
