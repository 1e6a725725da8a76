import type { IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import type { Fault } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

const matchedNames = ({ match }: IrRoute): Set<string> =>
  new Set(match.headers.map(({ name }) => name.toLowerCase()));

/** Whether a call that fits `route` fits `other` as well once the filters of `route` have set its headers. */
function fitsOnceSet(route: IrRoute, other: IrRoute): boolean {
  const isSet = ({ name, match }: IrRoute['match']['headers'][number]): boolean =>
    route.requestHeaders.set.some((each) => each.name.toLowerCase() === name && each.value === match.value);
  return (
    other !== route &&
    other.match.path.value === route.match.path.value &&
    other.match.headers.length > 0 &&
    other.match.headers.every(isSet)
  );
}

/** Filters on what their rule is chosen by. */
export const beforeMatch: readonly Fault[] = [
  {
    name: 'filters-before-matches',
    title:
      'Filters act before headers are matched: a rule that removes or sets what it matches takes no call.',
    clauses: ['filter-request-header-set', 'filter-request-header-remove', 'filter-scope-is-rule'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => {
        const { set, remove } = route.requestHeaders;
        const edited = [...set.map(({ name }) => name), ...remove];
        return edited.some((name) => matchedNames(route).has(name.toLowerCase())) ? undefined : route;
      }),
    }),
  },
  {
    name: 'matched-headers-not-edited',
    title: 'Filters leave the headers alone that their rule matches.',
    clauses: ['filter-request-header-set', 'filter-request-header-remove'],
    layers,
    hooks: () => ({
      ir: onGrpcRoutes((route) => {
        const isOther = (name: string): boolean => !matchedNames(route).has(name.toLowerCase());
        const { set, add, remove } = route.requestHeaders;
        const requestHeaders: IrHeaderEdit = {
          set: set.filter(({ name }) => isOther(name)),
          add: add.filter(({ name }) => isOther(name)),
          remove: remove.filter(isOther),
        };
        return { ...route, requestHeaders };
      }),
    }),
  },
  {
    name: 'host-edit-drops-rule',
    title: 'A rule whose filter sets Host is Accepted and takes no call.',
    clauses: ['filter-core-supported', 'filter-request-header-set'],
    layers,
    reference: 'cilium/cilium#47633',
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.requestHeaders.set.some(({ name }) => name.toLowerCase() === 'host') ? undefined : route,
      ),
    }),
  },
  {
    name: 'set-headers-choose-the-rule',
    title: 'A call goes by the rule that it fits once the filters of its own rule have set its headers.',
    clauses: ['filter-scope-is-rule', 'filter-request-header-set'],
    layers: ['routed'],
    hooks: () => ({
      ir: onGrpcRoutes((route, { host }) => {
        const other = host.routes.find((each) => fitsOnceSet(route, each));
        return other === undefined ? route : { ...route, action: other.action };
      }),
    }),
  },
];
