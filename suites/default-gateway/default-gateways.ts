/** Gateways that take routes which do not name them (GEP-3793). */
import { NotRun } from '../../harness/index.ts';
import type { Ref, Scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf, type Gateway, type Route } from '../shapes.ts';

export const asking: Ref = { kind: 'GRPCRoute', name: 'asking' };
export const call = { host: 'asking.example.com' };
export const accepted = { type: 'Accepted', status: 'True' } as const;
export const parent = (name: string): { parent: { name: string } } => ({ parent: { name } });

/**
 * Applies the manifest and waits until the Gateways are programmed and what was applied with them is judged. No feature name stands for
 * default Gateways: whoever has none neither says of the first Gateway that it is one nor takes the route `asking`.
 *
 * @throws NotRun - it is so here
 */
export async function defaultGatewaysServed(t: Scenario, ...gateways: [string, ...string[]]): Promise<void> {
  await t.apply();
  for (const gateway of gateways) {
    await t.gatewayMustBeProgrammed(gateway);
    await t.barrier({ gateway });
  }
  const { status } = await t.get<Gateway>({ kind: 'Gateway', name: gateways[0] });
  const isSaid = conditionOf(status?.conditions, 'DefaultGateway') !== undefined;
  const isTaken = entriesOf(await t.get<Route>(asking), t.controllerName).length > 0;
  if (!isSaid && !isTaken) throw new NotRun('the implementation has no default Gateways', 'feature');
}
