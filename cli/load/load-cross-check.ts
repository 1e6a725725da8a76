import { RouteproofError } from '../../common/errors.ts';

/** Others need calls that ghz and h2load cannot make, or change something while they call. */
export const crossCheckedSubject = 'unary-latency';

/** @throws RouteproofError USAGE - nothing would be cross-checked */
export function mustFitCrossCheck({
  crossCheck,
  subject = [crossCheckedSubject],
  runner,
}: {
  crossCheck?: true;
  subject?: string[];
  runner?: string;
}): void {
  if (crossCheck !== true) return;
  if (runner !== undefined)
    throw new RouteproofError('USAGE', 'load generators in pods cannot be cross-checked', {
      object: `--cross-check --runner ${runner}`,
      hint: 'leave --runner away: the others run beside this process',
    });
  if (subject.includes(crossCheckedSubject)) return;
  throw new RouteproofError('USAGE', 'this benchmark cannot be cross-checked', {
    object: `--cross-check --subject ${subject.join(',')}`,
    hint: `add ${crossCheckedSubject} to the subjects`,
  });
}
