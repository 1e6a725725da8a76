/** lastTransitionTime counts whole seconds: one that is written anew within its second looks as if it had stayed. */
import { expect, type Scenario } from '../../harness/index.ts';
import { laterSecond } from '../api-clock.ts';
import type { Gateway } from '../shapes.ts';

export const longAgo = '2024-05-20T18:00:00Z';

/**
 * Makes the times of all conditions of the Gateway's listeners old ones. Returns those that were there, by listener and type: a
 * controller may put them back. They are of an earlier second than whatever comes next.
 */
export async function backdate(t: Scenario, gateway: string): Promise<Map<string, string>> {
  const { status } = await t.get<Gateway>({ kind: 'Gateway', name: gateway });
  const ages = new Map<string, string>();
  const patch = (status?.listeners ?? []).flatMap(({ name, conditions }, listener) =>
    conditions.map(({ type, lastTransitionTime }, at) => {
      ages.set(`${name} ${type}`, lastTransitionTime);
      const path = `/status/listeners/${String(listener)}/conditions/${String(at)}/lastTransitionTime`;
      return { op: 'replace', path, value: longAgo };
    }),
  );
  const args = [
    'patch',
    'gateway',
    gateway,
    '--subresource=status',
    '--type=json',
    '-p',
    JSON.stringify(patch),
  ];
  await laterSecond(t);
  const { exitCode, stderr } = await t.kubectl(args);
  await t.check('the status takes the patch', () => expect(exitCode, stderr).to.equal(0), 'apply');
  return ages;
}
