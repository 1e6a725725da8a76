import type { Call, Scenario } from '../../harness/index.ts';

/** No backend gets the call: what is not routed is not found, and a rule that was refused may also answer an error of its own. */
export async function unserved(t: Scenario, call: Call): Promise<void> {
  const result = await t.call(call);
  const status = result.statusName === 'OK' ? 'UNIMPLEMENTED' : result.statusName;
  await t.callMustAlways(call, { status, backend: null }, 3);
}
