import { objectKey } from '../../../common/object-key.ts';
import type { GrpcRoute, ParentRef } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { besideEarlier } from '../hooks/first-seen.ts';
import { unseen } from '../hooks/unseen.ts';

const layers: Fault['layers'] = ['status', 'routed', 'backend'];

const withoutSection = ({ kind = 'Gateway', namespace = '', name }: ParentRef): string =>
  `${kind} ${namespace}/${name}`;

/** Routes that are edited to reach further. */
export const widenedParents: readonly Fault[] = [
  {
    name: 'widened-parent-unserved',
    title: 'A route that named one listener of its Gateway and is edited to name none stays at that one.',
    clauses: ['parentref-sectionname-omitted-all-listeners', 'grpcroute-update-takes-effect'],
    layers,
    hooks: () =>
      besideEarlier<'grpcRoutes', ParentRef[]>('grpcRoutes', (route, before = []) => {
        const parentRefs = (route.spec.parentRefs ?? []).flatMap((ref): ParentRef[] => {
          if (ref.sectionName !== undefined) return [ref];
          const had = before.filter(
            (each) => each.sectionName !== undefined && withoutSection(each) === withoutSection(ref),
          );
          return had.length === 0 ? [ref] : had;
        });
        return { edited: { ...route, spec: { ...route.spec, parentRefs } }, keep: parentRefs };
      }),
  },
];

const parentId = (
  { kind = 'Gateway', namespace, name, sectionName = '' }: ParentRef,
  { metadata }: GrpcRoute,
): string => `${kind} ${objectKey(namespace ?? metadata.namespace, name)} ${sectionName}`;

/** Routes that reach a listener more than once, and once less. */
export const overlappingParents: readonly Fault[] = [
  {
    name: 'overlapping-parent-removed-detaches',
    title: 'A route that loses one of two parentRefs to the same listener is not served there any more.',
    clauses: ['parentref-sectionname-selects-listener', 'grpcroute-update-takes-effect'],
    layers: ['routed'],
    hooks: () => {
      const { input } = besideEarlier<'grpcRoutes', ReadonlyMap<string, number>>(
        'grpcRoutes',
        (route, most = new Map()) => {
          const refs = route.spec.parentRefs ?? [];
          const counts = new Map<string, number>();
          for (const ref of refs)
            counts.set(parentId(ref, route), (counts.get(parentId(ref, route)) ?? 0) + 1);
          const parentRefs = refs.filter(
            (ref) => (counts.get(parentId(ref, route)) ?? 0) >= (most.get(parentId(ref, route)) ?? 0),
          );
          const keep = new Map(
            [...most, ...counts].map(([id, count]) => [id, Math.max(count, most.get(id) ?? 0)]),
          );
          return { edited: { ...route, spec: { ...route.spec, parentRefs } }, keep };
        },
      );
      return input === undefined ? {} : unseen(input);
    },
  },
];
