import type { IrRoute } from '../../ir/ir.ts';
import { listOf, onXdsRoutes } from './xds.ts';
import type { Message } from './xds.ts';

const chanceHeader = /^x-routeproof-chance-(\d+)$/;

/** Of a header match that stands for a part of all calls, in percent, taken by chance: `byChance` makes it that. */
export const chanceName = (percent: number): string => `x-routeproof-chance-${String(percent)}`;

/** The route takes that part of the calls that fit, in percent. */
export const seldom = (route: IrRoute, percent: number): IrRoute => ({
  ...route,
  match: {
    ...route.match,
    headers: [
      ...route.match.headers,
      { name: chanceName(percent), match: { type: 'exact', value: 'yes' } as const },
    ],
  },
});

/** Has Envoy draw lots where routes have a match of that name. */
export const byChance = onXdsRoutes((route) => {
  const match = route['match'] as Message;
  const headers = listOf(match['headers']);
  const percents = headers.flatMap(({ name }) => chanceHeader.exec(String(name))?.[1] ?? []);
  if (percents[0] === undefined) return route;
  match['headers'] = headers.filter(({ name }) => !chanceHeader.test(String(name)));
  match['runtime_fraction'] = { default_value: { numerator: Number(percents[0]) } };
  return route;
});
