import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { gatewayGroup, groupOf } from '../world.ts';
import type { GrantObject } from '../world.ts';

/** ReferenceGrants by themselves. */
export const grantRules: Rule[] = [
  {
    id: 'grant-without-effect',
    level: 'warning',
    clause: 'parentref-referencegrant-not-consulted',
    check: idleGrants,
  },
];

const kindsThatRefer = new Set([
  'GRPCRoute',
  'HTTPRoute',
  'TLSRoute',
  'TCPRoute',
  'UDPRoute',
  'Gateway',
  'ListenerSet',
]);
const coreTargets = new Set(['Service', 'Secret', 'ConfigMap']);

/** Entries that no reference can ever meet. */
function idleGrants({ object }: SourceObject): Issue[] {
  if (object.kind !== 'ReferenceGrant' || groupOf(object) !== gatewayGroup) return [];
  const { from = [], to = [] } = (object as GrantObject).spec ?? {};
  const miscased = (field: 'from' | 'to', home: string, kinds: ReadonlySet<string>): Issue[] =>
    (field === 'from' ? from : to).flatMap(({ group, kind = '' }, index): Issue[] => {
      const meant = [...kinds].find((each) => each !== kind && each.toLowerCase() === kind.toLowerCase());
      if (meant === undefined || group !== home) return [];
      return [
        {
          path: ['spec', field, index, 'kind'],
          message: `there is no kind ${kind}: the entry grants nothing`,
          fix: `write kind: ${meant}`,
          clause: `refgrant-wrong-${field}-kind`,
        },
      ];
    });
  return [
    ...miscased('from', gatewayGroup, kindsThatRefer),
    ...miscased('to', '', coreTargets),
    ...from.flatMap(({ group, kind = '' }, index): Issue[] =>
      kindsThatRefer.has(kind) && group !== gatewayGroup
        ? [
            {
              path: ['spec', 'from', index, 'group'],
              message: `Gateway API has no ${kind} in group "${group ?? ''}": the entry grants nothing, unless an implementation has such a kind`,
              fix: `write group: ${gatewayGroup}`,
              clause: 'refgrant-wrong-from-group',
            },
          ]
        : [],
    ),
    ...to.flatMap(({ group, kind = '' }, index): Issue[] =>
      coreTargets.has(kind) && group !== ''
        ? [
            {
              path: ['spec', 'to', index, 'group'],
              message: `Kubernetes has no ${kind} in group "${group ?? ''}": the entry grants nothing, unless an implementation has such a kind`,
              fix: 'write group: ""',
              clause: 'refgrant-wrong-to-group',
            },
          ]
        : [],
    ),
    ...to.flatMap(({ kind }, index): Issue[] =>
      kind === 'Gateway'
        ? [
            {
              path: ['spec', 'to', index],
              message:
                'a grant to a Gateway has no effect: which routes may attach is for the listener to say',
              fix: 'set allowedRoutes.namespaces of the listener',
            },
          ]
        : [],
    ),
  ];
}
