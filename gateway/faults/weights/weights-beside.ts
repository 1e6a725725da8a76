import type { IrHeaderEdit, IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onForwards } from '../hooks/ir.ts';
import type { Forward } from '../hooks/ir.ts';

const edits = (edit: IrHeaderEdit | undefined): boolean =>
  edit !== undefined && edit.set.length + edit.add.length + edit.remove.length > 0;

/** All backends of such rules get the same share. */
const equalWhere = (isMeant: (route: IrRoute, action: Forward) => boolean): FaultHooks => ({
  ir: onForwards((action, route) =>
    isMeant(route, action)
      ? { ...action, backends: action.backends.map((backend) => ({ ...backend, weight: 1 })) }
      : action,
  ),
});

/** Weights that hold where a rule has nothing beside them. */
export const weightsBeside: readonly Fault[] = [
  {
    name: 'weights-ignored-beside-backend-filters',
    title: 'All backends of a rule get the same share where one of them has filters of its own.',
    clauses: ['weight-proportional'],
    layers: ['routed', 'backend'],
    reference: 'envoyproxy/gateway#7027',
    hooks: () =>
      equalWhere((_route, { backends }) =>
        backends.some(
          ({ requestHeaders, responseHeaders }) => edits(requestHeaders) || edits(responseHeaders),
        ),
      ),
  },
  {
    name: 'weights-ignored-beside-mirrors',
    title: 'All backends of a rule get the same share where the rule has a mirror.',
    clauses: ['weight-proportional'],
    layers: ['routed', 'backend'],
    hooks: () => equalWhere(({ mirrors }) => mirrors.length > 0),
  },
];
