import { given } from '../../../../common/given.ts';
import { describeResult, judge } from '../../../rpc/judge.ts';
import type { Comparison } from '../../../results/run.ts';
import type { Expected } from '../../../rpc/call.ts';
import { asTry, callOnce } from '../../calls/call-once.ts';
import { podOfBackend } from '../../calls/backend-names.ts';
import type { FailedCall, ScenarioCore } from '../../core/core.ts';
import type { RouteproofVerdict } from '../../core/verdict.ts';
import type { Target } from '../../../rpc/target.ts';

/**
 * The failed call once more, to the pod of the backend that should have answered, with no gateway in between: whether the backend is
 * right. Undefined where no backend was to be reached, or none that can be dialled.
 */
export async function straightToBackend(
  core: ScenarioCore,
  { call, expected, target }: FailedCall,
  { verdict }: Pick<RouteproofVerdict, 'verdict'>,
): Promise<Comparison | undefined> {
  const backend = backendOf(core, expected);
  const pod = backend === undefined ? undefined : podOfBackend(core, backend);
  if (call.direct !== undefined || backend === undefined || pod === undefined) return undefined;
  const { message, method, metadata, deadlineMs } = call;
  const result = await callOnce(
    core,
    asTry({
      direct: backend,
      port: pod.port,
      ...given({ message, method, metadata, deadlineMs }),
      ...hostOf(target),
    }),
  );
  const record = { ...result.record, target: `${result.record.target} (${backend}, without the gateway)` };
  const told = { with: 'backend', call: record } as const;
  const seen = `straight to ${backend}, without the gateway: ${describeResult(result)}`;
  if (expected === undefined) return { ...told, text: seen };
  // Further expectations may be of what the gateway's filters do.
  const { ok } = judge(result, {
    ...given({ status: expected.status }),
    backend,
  });
  if (ok && verdict === 'unstable') return { ...told, text: `${seen}, as expected, once` };
  const meaning = ok ? 'as expected: the backend is right' : 'not as expected either: look at the backend';
  return { ...told, ok, text: `${seen}, ${meaning}` };
}

function backendOf(core: ScenarioCore, expected: Expected | undefined): string | undefined {
  if (expected?.backend === null || expected?.status === null) return undefined;
  const [wanted = core.meta.backends?.[0]] = [expected?.backend ?? []].flat();
  return wanted;
}

/** The :authority as it was sent, already under its real name. */
function hostOf({ authority }: Target): { host?: string } {
  return authority === undefined ? {} : { host: authority };
}
