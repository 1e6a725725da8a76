import type { Condition } from '../../translate/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';

/** Edits the conditions of classes. */
function onClassConditions(edit: (conditions: Condition[]) => Condition[]): FaultHooks {
  return {
    statuses: (statuses) =>
      statuses.map((update) =>
        update.kind === 'GatewayClass'
          ? { ...update, status: { ...update.status, conditions: edit(update.status.conditions ?? []) } }
          : update,
      ),
  };
}

const isUnsupported = ({ type, status }: Condition): boolean =>
  type === 'SupportedVersion' && status === 'False';

/** What a class says of the release of the CRDs. */
export const supportedVersion: readonly Fault[] = [
  {
    name: 'supported-version-missing',
    title: 'A class does not say whether the CRDs are of a release that is known.',
    clauses: ['class-supportedversion-set'],
    layers: ['status'],
    channel: 'experimental',
    hooks: () =>
      onClassConditions((conditions) => conditions.filter(({ type }) => type !== 'SupportedVersion')),
  },
  {
    name: 'every-version-supported',
    title: 'SupportedVersion is True whatever the CRDs say.',
    clauses: ['class-supportedversion-unknown-crd'],
    layers: ['status'],
    channel: 'experimental',
    hooks: () =>
      onClassConditions((conditions) =>
        conditions.map((condition) =>
          isUnsupported(condition) ? { ...condition, status: 'True', reason: 'SupportedVersion' } : condition,
        ),
      ),
  },
  {
    name: 'unsupported-version-refused-as-invalid',
    title:
      'A class is not Accepted for the release of the CRDs, with a reason that has nothing to do with it.',
    clauses: ['class-unsupportedversion-choice'],
    layers: ['status'],
    channel: 'experimental',
    hooks: () =>
      onClassConditions((conditions) =>
        conditions.some(isUnsupported)
          ? conditions.map((condition) =>
              condition.type === 'Accepted'
                ? { ...condition, status: 'False', reason: 'InvalidParameters' }
                : condition,
            )
          : conditions,
      ),
  },
  {
    name: 'unsupported-version-names-none',
    title: 'UnsupportedVersion comes without a word on which releases there are.',
    clauses: ['class-unsupportedversion-message'],
    layers: ['status'],
    channel: 'experimental',
    hooks: () =>
      onClassConditions((conditions) =>
        conditions.map((condition) =>
          isUnsupported(condition) ? { ...condition, message: 'the CRDs are not supported' } : condition,
        ),
      ),
  },
];
