import type { Condition } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onClassConditions, onClassStatuses } from '../hooks/statuses.ts';

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
      onClassConditions((condition) => (condition.type === 'SupportedVersion' ? undefined : condition)),
  },
  {
    name: 'every-version-supported',
    title: 'SupportedVersion is True whatever the CRDs say.',
    clauses: ['class-supportedversion-unknown-crd'],
    layers: ['status'],
    channel: 'experimental',
    hooks: () =>
      onClassConditions((condition) =>
        isUnsupported(condition) ? { ...condition, status: 'True', reason: 'SupportedVersion' } : condition,
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
      onClassStatuses((update) => {
        const { conditions = [] } = update.status;
        if (!conditions.some(isUnsupported)) return update;
        const refused = conditions.map((condition) =>
          condition.type === 'Accepted'
            ? { ...condition, status: 'False' as const, reason: 'InvalidParameters' }
            : condition,
        );
        return { ...update, status: { ...update.status, conditions: refused } };
      }),
  },
  {
    name: 'unsupported-version-names-none',
    title: 'UnsupportedVersion comes without a word on which releases there are.',
    clauses: ['class-unsupportedversion-message'],
    layers: ['status'],
    channel: 'experimental',
    hooks: () =>
      onClassConditions((condition) =>
        isUnsupported(condition) ? { ...condition, message: 'the CRDs are not supported' } : condition,
      ),
  },
];
