import { messageOf } from '../../common/errors.ts';
import { given } from '../../common/given.ts';
import type { ControlPlaneResult } from '../results/control-plane.ts';
import type { RunEnv } from '../env/run-env.ts';
import { BusyWatch } from './busy-watch.ts';
import { closeLab, openLab, type Lab } from './lab.ts';
import type { Plan, Subject } from './subject.ts';

export interface SubjectRunOptions extends Plan {
  progress: (line: string) => void;
  /** After each subject; also one that is interrupted, when it has figures by then. */
  onResult: (result: ControlPlaneResult) => void;
  signal: AbortSignal;
}

/** A subject that takes this many times its estimate is ended: a slow implementation has its own limits inside. */
const longest = { factor: 6, leastMs: 300_000 };

/** Measures one subject after the other. One that fails is in the results with the reason. @throws the signal's reason when it is aborted */
export async function runSubjects(
  env: RunEnv,
  subjects: readonly Subject[],
  options: SubjectRunOptions,
): Promise<void> {
  for (const [index, subject] of subjects.entries()) {
    const leftSeconds = subjects.slice(index).reduce((sum, { seconds }) => sum + seconds[options.length], 0);
    options.progress(
      `${index + 1} of ${subjects.length}: ${subject.name}, about ${subject.seconds[options.length]} s (${leftSeconds} s for all that is left)`,
    );
    await runSubject(env, subject, options);
  }
}

async function runSubject(
  env: RunEnv,
  subject: Subject,
  { progress, onResult, signal, ...plan }: SubjectRunOptions,
): Promise<void> {
  const { name, title } = subject;
  const startedMs = performance.now();
  const limitMs = Math.max(longest.leastMs, longest.factor * subject.seconds[plan.length] * 1000);
  const timeout = AbortSignal.timeout(limitMs);
  const watch = new BusyWatch();
  let lab: Lab | undefined;
  const result: Omit<ControlPlaneResult, 'invalid' | 'durationMs'> = {
    subject: name,
    title,
    figures: [],
    notMeasured: [],
  };
  const durationMs = (): number => Math.round(performance.now() - startedMs);
  try {
    lab = await openLab(env, { subject: name, progress, signal: AbortSignal.any([signal, timeout]) });
    watch.start();
    const measured = await subject.measure(lab, plan);
    const busy = watch.reason();
    onResult({
      ...result,
      invalid: [],
      ...measured,
      ...given({ busy }),
      notMeasured: measured.notMeasured ?? [],
      durationMs: durationMs(),
    });
  } catch (error) {
    const seen = timeout.aborted ? `it was not done after ${limitMs / 1000} s` : messageOf(error);
    const reason = signal.aborted ? messageOf(signal.reason) : seen.replaceAll(/\s*\n\s*/g, '; ');
    const stopped = broken(reason, lab, watch.reason());
    // Of one that is interrupted before it had any there is nothing to tell.
    if (!signal.aborted || stopped.ended !== undefined)
      onResult({ ...result, ...stopped, durationMs: durationMs() });
    signal.throwIfAborted();
    progress(`${name}: ${seen}`);
  } finally {
    watch.stop();
    if (lab !== undefined) await closeLab(lab).catch((error: unknown) => progress(messageOf(error)));
  }
}

/** Figures that were complete before stay what they are. */
function broken(
  reason: string,
  lab: Lab | undefined,
  busy: string | undefined,
): Partial<ControlPlaneResult> & { invalid: string[] } {
  const figures = lab?.figures ?? [];
  if (figures.length === 0) return { invalid: [reason] };
  return { invalid: [], ended: reason, figures, ...given({ busy }) };
}
