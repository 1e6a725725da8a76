import type { ConditionStatus, ParentRef, ParentStatus } from './shapes.ts';

const written = {
  status: 'True',
  message: 'written by another controller',
  observedGeneration: 1,
  lastTransitionTime: '2024-05-20T18:00:00Z',
};

/** A condition of a type of its own, which another controller adds to a status. */
export const audited: ConditionStatus = { type: 'example.org/Audited', reason: 'Audited', ...written };

/** The verdict of another controller, in the status of a route or of a policy. */
export const othersVerdict = {
  controllerName: 'example.org/another-controller',
  conditions: [{ type: 'Accepted', reason: 'Accepted', ...written }],
};

/** How another controller refers to a Gateway. */
export const othersRef = (ref: ParentRef): ParentRef => ({
  group: 'gateway.networking.k8s.io',
  kind: 'Gateway',
  ...ref,
});

/** The entry that another controller has for a Gateway in a route's status. */
export const othersParent = (ref: ParentRef): ParentStatus => ({
  parentRef: othersRef(ref),
  ...othersVerdict,
});
