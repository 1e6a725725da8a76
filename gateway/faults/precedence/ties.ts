import type { IrHost, IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHosts, placeInRoute, reordered } from '../hooks/ir.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Who goes first of two namespaces. */
export const namespaceTies: readonly Fault[] = [
  {
    name: 'first-namespace-goes-first',
    title:
      'Of routes of two namespaces that share a hostname, those of the first by name take all calls that fit.',
    clauses: ['precedence-across-routes-specificity', 'precedence-not-listing-order'],
    layers,
    hooks: () => ({
      ir: reordered((left, right) => {
        const [one = ''] = left.source.key.split('/');
        const [other = ''] = right.source.key.split('/');
        return one.localeCompare(other);
      }),
    }),
  },
];

/** Orders those routes of a host anew that match the same, at the places that they have. */
function tiesBy(compare: (left: IrRoute, right: IrRoute, gatewayKey: string) => number): FaultHooks {
  return {
    ir: onHosts((host, { gateway }): IrHost => {
      const groups = Map.groupBy(host.routes, ({ match }) => JSON.stringify(match));
      const ordered = new Map(
        [...groups].map(([text, group]) => [
          text,
          group.toSorted((left, right) => compare(left, right, gateway.key)).values(),
        ]),
      );
      const routes = host.routes.map(
        (route) => ordered.get(JSON.stringify(route.match))?.next().value ?? route,
      );
      return { ...host, routes };
    }),
  };
}

const ruleOf = (route: IrRoute): number => placeInRoute(route).rule;

const matchOf = (route: IrRoute): number => placeInRoute(route).match;

/** Who goes first where matches are the same. */
export const ties: readonly Fault[] = [
  {
    name: 'earlier-rule-beats-older-route',
    title: 'Of two routes with the same match the one goes first whose rule comes earlier in its list.',
    clauses: ['precedence-oldest-route', 'precedence-alphabetical-route'],
    layers,
    hooks: () => tiesBy((left, right) => ruleOf(left) - ruleOf(right)),
  },
  {
    name: 'earlier-match-beats-earlier-rule',
    title: 'Of two rules with the same match the one goes first whose match comes earlier in its list.',
    clauses: ['precedence-first-rule-in-route'],
    layers,
    hooks: () =>
      tiesBy((left, right) => (left.source.key === right.source.key ? matchOf(left) - matchOf(right) : 0)),
  },
  {
    name: 'routes-of-own-namespace-first',
    title: 'Of routes with the same match the one in the namespace of the Gateway goes first, however young.',
    clauses: ['precedence-oldest-route', 'precedence-alphabetical-namespace-first'],
    layers,
    hooks: () =>
      tiesBy((left, right, gatewayKey) => {
        const [own = ''] = gatewayKey.split('/');
        const isForeign = ({ source }: IrRoute): number => (source.key.startsWith(`${own}/`) ? 0 : 1);
        return isForeign(left) - isForeign(right);
      }),
  },
];
