import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { identityOf, isRunning } from '../../clusters/host/process-identity.ts';
import { RouteproofError } from '../../common/errors.ts';
import { objectKey } from '../../common/object-key.ts';
import type { ReadyOptions } from '../base/ready.ts';
import type { KubeObject } from '../kube/objects.ts';
import { isConflict, isNotFound } from '../kube/refusal.ts';
import { baseNamespace } from '../manifests/names.ts';
import { untilReady } from '../wait/until.ts';
import { runLabel } from './leftovers.ts';

const leaseName = 'routeproof-run';
/** How long a Lease counts that is not renewed: four renewals may be lost. */
const leaseSeconds = 20;
const renewMs = 4_000;

interface Lease extends KubeObject {
  spec?: { holderIdentity?: string; leaseDurationSeconds?: number; renewTime?: string };
}

/** The Lease that says a run is alive. */
export interface Claim {
  /** Ends its renewals. */
  stop(): void;
  /** Gives it up, so that nobody has to find out that the run is over. */
  release(): Promise<void>;
}

/**
 * What is there under the name that a run needs.
 *
 * @returns `free`, or `left` by a run that is over
 * @throws RouteproofError CLUSTER_IN_USE - another run is alive, or the namespace is somebody else's
 */
export async function baseIs(options: ReadyOptions): Promise<'free' | 'left'> {
  const { kube } = options;
  try {
    const { metadata } = await kube.get<KubeObject>(
      await kube.kindInfo('Namespace'),
      undefined,
      baseNamespace,
    );
    if (metadata?.labels?.[runLabel] === undefined) throw taken();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return 'free';
  }
  const holder = await livingHolder(options);
  if (holder === undefined) return 'left';
  throw inUse(`its Lease ${leaseName} is kept by ${holder}`);
}

/** Makes the namespace, which only one of two runs can. @throws RouteproofError CLUSTER_IN_USE */
export async function claimBase({ kube }: ReadyOptions): Promise<Claim> {
  try {
    await kube.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: baseNamespace } });
  } catch (error) {
    throw isConflict(error) ? inUse('it was made a moment ago') : error;
  }
  const renew = () =>
    kube.apply<Lease>({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: leaseName, namespace: baseNamespace },
      spec: {
        holderIdentity: ownIdentity(),
        leaseDurationSeconds: leaseSeconds,
        renewTime: new Date().toISOString().replace('Z', '000Z'),
      },
    });
  try {
    await renew();
  } catch (error) {
    await kube.delete(await kube.kindInfo('Namespace'), undefined, baseNamespace);
    throw error;
  }
  // A renewal that fails is made up by the next; an API server that has gone is found out elsewhere.
  const timer = setInterval(() => void renew().catch(() => undefined), renewMs);
  timer.unref();
  return {
    stop: () => clearInterval(timer),
    release: async () => {
      await kube.delete(await kube.kindInfo('Lease'), baseNamespace, leaseName);
    },
  };
}

/** Clocks differ from machine to machine: a Lease is alive when it is seen to be renewed. */
async function livingHolder(options: ReadyOptions): Promise<string | undefined> {
  const watch = await options.watches.of('Lease', baseNamespace);
  const read = () => watch.get(objectKey(baseNamespace, leaseName)) as Lease | undefined;
  const { spec } = read() ?? {};
  if (spec?.holderIdentity === undefined) return undefined;
  const known = isAliveHere(spec.holderIdentity);
  if (known !== undefined) return known ? spec.holderIdentity : undefined;
  const outcome = await untilReady(
    { current: read, listen: (changed) => watch.listen(changed) },
    (lease) => (lease as Lease | undefined)?.spec?.renewTime !== spec.renewTime,
    { limitMs: leaseSeconds * 1000, graceMs: 0, clock: options.clock, signal: options.signal },
  );
  return outcome.verdict === 'wrong' || read() === undefined ? undefined : spec.holderIdentity;
}

/** `host/pid namespace/pid/start`; without /proc the last of these are empty, and say nothing. */
function ownIdentity(): string {
  return [place(), String(process.pid), identityOf(process.pid)?.startTime ?? ''].join('/');
}

/** undefined where it cannot be known: on another machine, or in other namespaces of this one. */
function isAliveHere(holder: string): boolean | undefined {
  const [pid = '', startTime = ''] = holder.split('/').slice(-2);
  if (startTime === '' || holder !== [place(), pid, startTime].join('/')) return undefined;
  return isRunning({ pid: Number(pid), startTime });
}

function place(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${hostname()}/`;
  }
}

function inUse(seen: string): RouteproofError {
  return new RouteproofError('CLUSTER_IN_USE', 'another run uses this cluster', {
    object: `Namespace ${baseNamespace}`,
    seen,
    hint: 'wait for its end',
  });
}

function taken(): RouteproofError {
  return new RouteproofError('CLUSTER_IN_USE', 'this namespace was not made by a run like this one', {
    object: `Namespace ${baseNamespace}`,
    seen: `no label ${runLabel}`,
    hint: 'the echo servers and the shared Gateway go there: delete it, if nobody needs it',
  });
}
