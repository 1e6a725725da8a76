import type { IrRoute } from '../ir/ir.ts';
import type { Fault } from './fault.ts';
import { onGrpcRoutes } from './hooks/ir.ts';

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

/** Filters that work before the rule is chosen whose they are. */
export const beforeMatch: readonly Fault[] = [
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
