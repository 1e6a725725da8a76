import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import type { ContainerEngine } from '../../common/container-engine.ts';
import type { ProcessIdentity } from '../local/process-identity.ts';
import { clustersDir } from '../local/state-dir.ts';

/** What is kept of a kind cluster beside its kubeconfig. */
export interface KindState {
  name: string;
  lifetime: 'attached' | 'detached';
  /** The process that made it, whose end is the cluster's when it is attached. */
  starter: ProcessIdentity;
  engine: ContainerEngine;
  /** Set when the cluster is ready. */
  versions?: Record<string, string>;
}

function kindDir(): string {
  const dir = join(clustersDir(), '..', 'kind');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

export function kubeconfigOf(name: string): string {
  return join(kindDir(), name, 'kubeconfig');
}

/** As kind knows it: never a cluster that somebody has made without us. */
export function kindName(name: string): string {
  return `routeproof-${name}`;
}

/** The container that is the cluster's one node. */
export function nodeOf(name: string): string {
  return `${kindName(name)}-control-plane`;
}

export function readKindState(name: string): KindState | undefined {
  try {
    return JSON.parse(readFileSync(join(kindDir(), name, 'state.json'), 'utf8')) as KindState;
  } catch {
    return undefined;
  }
}

export function allKindStates(): KindState[] {
  return readdirSync(kindDir()).flatMap((name) => readKindState(name) ?? []);
}

/** Takes the name, in one step. @throws RouteproofError CLUSTER_EXISTS */
export function claimKindName(state: KindState): void {
  const dir = join(kindDir(), state.name);
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw kindClusterExists(state.name, dir);
  }
  writeKindState(state);
}

export function writeKindState(state: KindState): void {
  const text = JSON.stringify(state, null, 2);
  writeFileSync(join(kindDir(), state.name, 'state.json'), `${text}\n`, { mode: 0o600 });
}

export function removeKindState(name: string): void {
  rmSync(join(kindDir(), name), { recursive: true, force: true });
}

export function kindClusterExists(name: string, seen: string): RouteproofError {
  return new RouteproofError('CLUSTER_EXISTS', 'a kind cluster of this name is there already', {
    object: `kind cluster ${kindName(name)}`,
    seen,
    hint: `run \`routeproof down --cluster kind --name ${name}\` (or \`kind delete cluster --name ${kindName(name)}\`), or choose another name`,
  });
}
