import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import type { ChosenContext } from './chosen-context.ts';
import { withAbsolutePaths, type Entry, type Kubeconfig } from './kubeconfig.ts';
import { ownCluster } from './service-account.ts';

export interface ContextWanted {
  /** A file, instead of those that kubectl would read. */
  kubeconfig?: string;
  /** Instead of the current one. */
  context?: string;
}

/**
 * The context that kubectl would use, of the files that it would read: the one asked for, else KUBECONFIG's, else ~/.kube/config; of
 * several files the first that names a thing wins. In a pod without any of them, the pod's own cluster.
 *
 * @throws RouteproofError INVALID_INPUT - no such file, no kubeconfig, no such context
 */
export function chooseContext(wanted: ContextWanted, env: NodeJS.ProcessEnv = process.env): ChosenContext {
  const files = filesOf(wanted, env);
  const configs = files.map(readConfig).filter((config) => config !== undefined);
  const object = files.join(delimiter);
  if (configs.length === 0) {
    const own = isNothingSaid(wanted, env) ? ownCluster(env) : undefined;
    if (own !== undefined) return own;
    throw noFile(object);
  }
  const all = (list: 'contexts' | 'clusters' | 'users'): Entry[] =>
    configs.flatMap((config) => config[list] ?? []);
  const known = all('contexts').map(({ name }) => name);
  const name = wanted.context ?? configs.map((config) => config['current-context']).find(isSaid);
  if (name === undefined) throw noContext(object, 'it names no current context', known);
  const context = all('contexts').find((each) => each.name === name);
  if (context === undefined) throw noContext(object, `there is no context ${name}`, known);
  const cluster = all('clusters').find((each) => each.name === context.context?.cluster);
  const server = cluster?.cluster?.['server'];
  if (cluster === undefined || typeof server !== 'string') {
    const what = `context ${name} is of a cluster without a server: ${context.context?.cluster ?? '(none)'}`;
    throw noContext(object, what, known);
  }
  const users = all('users').filter((each) => each.name === context.context?.user);
  const kubeconfig: Kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [context],
    clusters: [cluster],
    users: users.slice(0, 1),
  };
  return { context: name, server, kubeconfig };
}

function filesOf({ kubeconfig }: ContextWanted, env: NodeJS.ProcessEnv): string[] {
  if (kubeconfig !== undefined) return [resolve(kubeconfig)];
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter(isSaid);
  return named.length > 0 ? named.map((file) => resolve(file)) : [join(homedir(), '.kube', 'config')];
}

function isNothingSaid(wanted: ContextWanted, env: NodeJS.ProcessEnv): boolean {
  return ![wanted.kubeconfig, wanted.context, env['KUBECONFIG']].some(isSaid);
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

/** @returns undefined when there is no such file: of several, kubectl takes those that are there */
function readConfig(file: string): Kubeconfig | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw notAKubeconfig(file, messageOf(error), error);
  }
  let config: unknown;
  try {
    config = parse(text);
  } catch (error) {
    throw notAKubeconfig(file, messageOf(error).split('\n')[0] ?? '', error);
  }
  if (!isKubeconfig(config)) throw notAKubeconfig(file, seenInstead(config));
  return withAbsolutePaths(config, dirname(file));
}

function isKubeconfig(config: unknown): config is Kubeconfig {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return false;
  const { kind, ...lists } = config as Kubeconfig;
  const isList = (list: unknown): boolean => list === undefined || list === null || Array.isArray(list);
  return kind === 'Config' && isList(lists.contexts) && isList(lists.clusters) && isList(lists.users);
}

function seenInstead(config: unknown): string {
  const { kind } = (config ?? {}) as { kind?: unknown };
  return typeof kind === 'string' && kind !== 'Config' ? `an object of kind ${kind}` : 'no kind: Config';
}

function notAKubeconfig(object: string, seen: string, cause?: unknown): RouteproofError {
  const hint = 'name a kubeconfig with --kubeconfig, such as kubectl uses';
  return new RouteproofError('INVALID_INPUT', 'this is not a kubeconfig', { object, seen, hint, cause });
}

function noFile(object: string): RouteproofError {
  const hint = 'name a kubeconfig with --kubeconfig, or set KUBECONFIG';
  return new RouteproofError('INVALID_INPUT', 'there is no such kubeconfig', { object, hint });
}

function noContext(object: string, seen: string, known: readonly string[]): RouteproofError {
  const hint =
    known.length === 0
      ? 'it has no contexts at all'
      : `name one with --context: ${known.slice(0, 20).join(', ')}`;
  return new RouteproofError('INVALID_INPUT', 'no cluster is named', { object, seen, hint });
}
