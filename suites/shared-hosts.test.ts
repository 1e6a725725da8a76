/**
 * Most scenarios have the same Gateway and the same echo pods, and some implementations serve all Gateways with the same proxies. What tells whose route a call took is its host, which no other scenario has: names
 * under example.com are moved apart (harness/manifests/names.ts), others are not, and a route without a hostname takes every host.
 */
import { expect } from 'chai';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseManifest } from '../harness/manifests/manifest.ts';
import { registeredScenarios, type Registered } from '../harness/specs/registry.ts';
import { loadSpecs } from '../harness/specs/load-specs.ts';
import { specFiles } from '../harness/specs/spec-files.ts';
import type { Gateway, Route } from './shapes.ts';

interface Shared {
  file: string;
  name: string;
  hosts: string[];
}

const notScenarios = new Set(['base', 'clauses', 'load']);

/** Every route of a manifest that names the shared Gateway as a parent. */
function sharedRoutes(): Shared[] {
  return globSync('*/*.yaml', { cwd: import.meta.dirname })
    .filter((file) => !notScenarios.has(dirname(file)) && !file.endsWith('.profile.yaml'))
    .flatMap((file) =>
      parseManifest(readFileSync(join(import.meta.dirname, file), 'utf8'), file)
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

/** What has listeners, by kind and name. */
type Listeners = Map<string, Gateway['spec']['listeners']>;

/** Of a scenario's manifests, the routes that take calls of every host, or of a domain that is not moved apart, on a Gateway or ListenerSet of its own. */
function routesForAnyHost({ meta: { id, manifests = [`${basename(id)}.yaml`] } }: Registered): string[] {
  const folder = join(import.meta.dirname, dirname(id));
  const objects = manifests
    .filter((file) => existsSync(join(folder, file)))
    .flatMap((file) => parseManifest(readFileSync(join(folder, file), 'utf8'), file))
    .map(({ object }) => object);
  const listeners: Listeners = new Map(
    objects
      .filter(({ kind }) => kind === 'Gateway' || kind === 'ListenerSet')
      .map((object) => [`${object.kind} ${object.metadata?.name}`, (object as Gateway).spec.listeners]),
  );
  return objects
    .filter((object): object is Route => /^(GRPC|HTTP)Route$/.test(object.kind ?? ''))
    .filter((route) => takesAnyHost(route, listeners))
    .map(({ metadata }) => `${id}: ${metadata?.name ?? ''}`);
}

function takesAnyHost({ spec: { hostnames = [], parentRefs = [] } }: Route, listeners: Listeners): boolean {
  if (hostnames.length > 0) return false;
  return parentRefs.some(({ kind = 'Gateway', name, sectionName }) =>
    listeners
      .get(`${kind} ${name}`)
      ?.some(
        (listener) =>
          (sectionName ?? listener.name) === listener.name &&
          !/(^|\.)example\.com$/.test(listener.hostname ?? ''),
      ),
  );
}

describe('routes on Gateways of a scenario', () => {
  before(async () => {
    if (registeredScenarios().length === 0) await loadSpecs([...specFiles().values()]);
  });

  it('take calls of every host only where the scenario says so', () => {
    const scenarios = registeredScenarios();
    expect(scenarios.length).to.be.greaterThan(200);
    const saying = scenarios.filter(({ meta }) => meta.anyHost === true);
    const others = scenarios.filter((one) => !saying.includes(one));
    expect(others.flatMap(routesForAnyHost)).to.deep.equal([]);
    for (const one of saying) expect(routesForAnyHost(one), one.meta.id).not.to.deep.equal([]);
  });
});
