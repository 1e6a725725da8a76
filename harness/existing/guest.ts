import { messageOf, RouteproofError } from '../../common/errors.ts';
import { classAccepted, type ReadyOptions } from '../base/ready.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import { Watches } from '../kube/watches.ts';
import { newNonce } from '../manifests/names.ts';
import type { Limits } from '../env/limits.ts';
import { realClock } from '../wait/clock.ts';
import { baseIs, claimBase, type Claim } from './claim.ts';
import { ensureGatewayApi, type CrdConsent } from './gateway-api.ts';
import { leftovers, remove, removeCommand, runLabel } from './leftovers.ts';
import { installRules, mustHaveRights, type Rule } from './rights.ts';

export interface GuestOptions {
  gatewayClass: string;
  consent: CrdConsent;
  /** What the run does beyond that. */
  rights?: readonly Rule[];
  limits: Limits;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/**
 * A run on a cluster that is not its own: asks first whether it may and can, marks all that it makes with a label, and takes that away at
 * the end, as it takes away what a dead run before it left.
 */
export class Guest {
  readonly runId = newNonce();
  readonly #kube: KubeClient;
  readonly #options: GuestOptions;
  readonly #watches: Watches;
  #claim: Claim | undefined;

  constructor(kube: KubeClient, options: GuestOptions) {
    this.#kube = kube;
    this.#options = options;
    this.#watches = new Watches(kube);
  }

  /**
   * Nothing is made before all that can be asked has been answered; then the base's namespace, for this run alone.
   *
   * @throws RouteproofError API_FORBIDDEN, CRDS_MISSING, GATEWAYCLASS_NOT_ACCEPTED, CLUSTER_IN_USE, CLUSTER_NOT_CLEAN
   */
  async enter(): Promise<void> {
    const { consent, rights = [], limits, progress, gatewayClass, signal } = this.#options;
    const kube = this.#kube;
    await mustHaveRights(kube, [
      ...(consent.installCrds || consent.overwriteCrds ? installRules : []),
      ...rights,
    ]);
    const ready = (limitMs: number) => ({ ...this.#ready(limitMs, signal), progress });
    const crds = await ensureGatewayApi(consent, ready(limits.installMs));
    // Where CRDs are new, a controller that waited for them may make its class a moment later.
    if (crds === 'there') await this.#classExists(gatewayClass);
    await classAccepted(gatewayClass, ready(limits.statusMs));
    // Listed first: what a run makes that starts right now is not among them.
    const left = await leftovers(kube);
    if ((await baseIs(ready(limits.statusMs))) === 'left') progress('taking away what an earlier run left');
    await remove(left, ready(limits.baseMs));
    kube.labels = { [runLabel]: this.runId };
    this.#claim = await claimBase(ready(limits.statusMs));
  }

  /** Takes away all that was made, also when the run was interrupted. Says what it could not, and throws nothing. */
  async leave({ keep }: { keep: boolean }): Promise<void> {
    const { progress, limits } = this.#options;
    const claim = this.#claim;
    this.#claim = undefined;
    claim?.stop();
    try {
      if (claim === undefined) return;
      if (keep) {
        await claim.release();
        progress(`kept what the run made: look with kubectl, take it away with: ${removeCommand}`);
        return;
      }
      await remove(
        await leftovers(this.#kube, this.runId),
        this.#ready(limits.baseMs, new AbortController().signal),
      );
    } catch (error) {
      progress(messageOf(error));
    } finally {
      this.#watches.stop();
    }
  }

  /** A class that is not there is said at once: it would be an implementation that comes later, and here all are installed. */
  async #classExists(name: string): Promise<void> {
    const { items } = await this.#kube.list<KubeObject>(await this.#kube.kindInfo('GatewayClass'));
    const names = items.map(({ metadata }) => metadata?.name ?? '');
    if (names.includes(name)) return;
    const others =
      names.length === 0 ? 'the cluster has no GatewayClass at all' : `there are: ${names.join(', ')}`;
    throw new RouteproofError('GATEWAYCLASS_NOT_ACCEPTED', 'the class does not exist', {
      object: `GatewayClass ${name}`,
      seen: others,
      hint: 'name the class of the implementation under test with --gateway-class',
    });
  }

  #ready(limitMs: number, signal: AbortSignal): ReadyOptions {
    return { kube: this.#kube, watches: this.#watches, clock: realClock, limitMs, signal };
  }
}
