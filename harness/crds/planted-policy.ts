import { RouteproofError } from '../../common/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { isNotFound } from '../kube/refusal.ts';
import { newNonce } from '../manifests/names.ts';
import { overwrite } from './overwrite.ts';
import {
  canary,
  policyApi,
  policyName,
  untilPolicy,
  type Policy,
  type PolicyWait,
} from './upgrade-policy.ts';

/** A change of the policy that guards the CRDs. */
export interface PolicyEdit {
  /** Makes it. @returns how many places have changed */
  editPolicy: (policy: Policy) => number;
}

/**
 * Resolves when the API server uses the edited policy.
 *
 * @returns puts the policy back as it was; undefined when the cluster has none
 * @throws RouteproofError INVALID_INPUT - the edit changes nothing; CRD_NOT_SERVED - the API server does not use it
 */
export async function plantPolicy(
  { editPolicy }: PolicyEdit,
  wait: PolicyWait,
): Promise<(() => Promise<void>) | undefined> {
  const { kube, signal } = wait;
  const original = await readPolicy(kube);
  if (original === undefined) return undefined;
  const edited = structuredClone(original);
  if (editPolicy(edited) === 0) {
    throw new RouteproofError('INVALID_INPUT', 'the edit changes nothing in the installed policy', {
      object: `ValidatingAdmissionPolicy ${policyName}`,
      hint: 'see that it is of a release that the edit was written for',
    });
  }
  const nonce = newNonce();
  const restore = async (): Promise<void> => {
    await overwrite(kube, original);
    if (!signal.aborted) await untilPolicy((refusal) => !(refusal ?? nonce).includes(nonce), wait);
  };
  try {
    await overwrite(kube, withMarker(edited, nonce));
    await untilPolicy((refusal) => refusal?.includes(nonce) === true, wait);
    return restore;
  } catch (error) {
    await restore();
    throw error;
  }
}

/** No rule of the policy is in force. */
export const noRules: PolicyEdit = {
  editPolicy: ({ spec }) => {
    const count = spec.validations.length;
    spec.validations = [];
    return count;
  },
};

async function readPolicy(kube: KubeClient): Promise<Policy | undefined> {
  const info = await kube.kindInfo('ValidatingAdmissionPolicy', policyApi);
  try {
    return await kube.get<Policy>(info, undefined, policyName);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** First, because a refusal tells of the first rule that is broken. */
function withMarker(policy: Policy, nonce: string): Policy {
  const marked = structuredClone(policy);
  const expression = `object.metadata.name != '${canary.metadata?.name ?? ''}'`;
  marked.spec.validations.unshift({ expression, message: nonce });
  return marked;
}
