import { keyOf } from '../../../common/object-key.ts';
import type { BackendTlsPolicy } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { agesFromClaim, firstAge } from '../hooks/ages.ts';
import { onObjectsWith, present } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const ageOf = ({ metadata }: BackendTlsPolicy): string =>
  `${new Date(metadata.creationTimestamp ?? 0).toISOString()} ${metadata.name}`;

/** Which of two policies wins, where one of them is edited. */
export const claimsOfPolicies: readonly Fault[] = [
  {
    name: 'incumbent-policy-stays-in-force',
    title: 'A policy that is edited to target what a younger one targets loses to it.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-loser-status'],
    layers: [...layers, 'status'],
    hooks: () => agesFromClaim('backendTlsPolicies', ({ spec }) => spec.targetRefs),
  },
  {
    name: 'conflict-freed-by-edit-unnoticed',
    title:
      'A policy that lost to another one stays out of force when that one is edited to target something else.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-loser-status'],
    layers: [...layers, 'status'],
    hooks: () => {
      const lostTo = new Map<string, string>();
      return {
        input: (input) => {
          const { backendTlsPolicies: policies } = input.objects;
          const there = present('backendTlsPolicies', input);
          const byTarget = Map.groupBy(policies, ({ metadata, spec }) =>
            JSON.stringify([metadata.namespace, spec.targetRefs[0]?.name, spec.targetRefs[0]?.sectionName]),
          );
          for (const group of byTarget.values()) {
            const [winner, ...losers] = group.toSorted((left, right) =>
              ageOf(left).localeCompare(ageOf(right)),
            );
            if (winner === undefined) continue;
            for (const loser of losers) lostTo.set(keyOf(loser), keyOf(winner));
          }
          const isOut = (policy: BackendTlsPolicy): boolean => there.has(lostTo.get(keyOf(policy)) ?? '');
          const isAlone = (policy: BackendTlsPolicy): boolean =>
            [...byTarget.values()].some((group) => group.length === 1 && group[0] === policy);
          const left = policies.filter((policy) => !isAlone(policy) || !isOut(policy));
          return { ...input, objects: { ...input.objects, backendTlsPolicies: left } };
        },
      };
    },
  },
];

/** Which of them wins, where one is made again. */
export const firstAgeOfPolicies: readonly Fault[] = [
  {
    name: 'recreated-policy-takes-first-age',
    title: 'A BackendTLSPolicy that is deleted and made again counts as old as the first of its name.',
    clauses: ['btls-conflict-oldest', 'btls-conflict-loser-status'],
    layers: ['status', 'programmed', 'routed', 'backend', 'connect'],
    hooks: () => firstAge('backendTlsPolicies'),
  },
];

/** Policies that are no rivals, and are taken for some. */
export const noConflicts: readonly Fault[] = [
  {
    name: 'policies-of-two-ports-conflict',
    title:
      'Of two policies for two ports of one Service the younger one is said to be in conflict with the other.',
    clauses: ['btls-section-beats-whole-service', 'btls-conflict-oldest'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onObjectsWith('backendTlsPolicies', (policy, { objects }) => {
        const [target] = policy.spec.targetRefs;
        if (target?.sectionName === undefined) return policy;
        const [oldest] = objects.backendTlsPolicies
          .filter(
            ({ metadata, spec: { targetRefs } }) =>
              metadata.namespace === policy.metadata.namespace &&
              targetRefs[0]?.name === target.name &&
              targetRefs[0].sectionName !== undefined,
          )
          .toSorted((left, right) => ageOf(left).localeCompare(ageOf(right)));
        const sectionName = oldest?.spec.targetRefs[0]?.sectionName;
        if (oldest === policy || sectionName === undefined || sectionName === target.sectionName)
          return policy;
        return { ...policy, spec: { ...policy.spec, targetRefs: [{ ...target, sectionName }] } };
      }),
    }),
  },
];
