import { expect, scenario } from '../../harness/index.ts';
import { conditionOf, entriesOf } from '../shapes.ts';
import type { ConditionStatus, Route } from '../shapes.ts';

/** The reasons that Gateway API publishes for routes. */
const published: Record<string, string[]> = {
  Accepted: [
    'Accepted',
    'NotAllowedByListeners',
    'NoMatchingListenerHostname',
    'NoMatchingParent',
    'UnsupportedValue',
    'Pending',
    'IncompatibleFilters',
  ],
  ResolvedRefs: ['ResolvedRefs', 'RefNotPermitted', 'InvalidKind', 'BackendNotFound', 'UnsupportedProtocol'],
};
const routes = ['good', 'no-service', 'odd-kind', 'no-grant', 'no-listener', 'no-hostname'];

scenario(
  {
    id: 'status/reasons',
    title:
      'Routes tell with published reasons why they are or are not served, and are Unknown only while pending',
    support: 'core',
    clauses: [
      'status-preferred-reasons',
      'status-pending-unknown',
      'status-accepted-present',
      'status-resolvedrefs-present',
      'status-resolvedrefs-true-reason',
    ],
    backends: ['v1'],
  },
  async (t) => {
    const seen = new Map<string, ConditionStatus>();
    const watched = routes.map((name) =>
      t.until(
        { kind: 'GRPCRoute', name },
        'a verdict: Accepted and ResolvedRefs are True or False',
        (object) => {
          const conditions = entriesOf(object as Route, t.controllerName).flatMap(
            (entry) => entry.conditions,
          );
          for (const condition of conditions) {
            const { type, status, reason } = condition;
            seen.set(`${name}: ${type}=${status}/${reason}`, condition);
          }
          return Object.keys(published).every((type) =>
            /^(True|False)$/.test(conditionOf(conditions, type)?.status ?? ''),
          );
        },
        'status',
      ),
    );
    await Promise.all([t.apply(), ...watched]);
    await t.check(
      'Accepted and ResolvedRefs carry published reasons',
      () => {
        for (const [text, { type, reason }] of seen)
          if (published[type] !== undefined) expect(published[type], text).to.include(reason);
      },
      'status',
    );
    await t.check(
      'whatever is Unknown is Pending',
      () => {
        for (const [text, { status, reason }] of seen)
          if (status === 'Unknown') expect(reason, text).to.equal('Pending');
      },
      'status',
    );
    // What a listener refuses may refer to all the right things.
    for (const name of ['no-listener', 'no-hostname'])
      await t.routeMustHaveCondition(name, {
        type: 'ResolvedRefs',
        status: 'True',
        reason: 'ResolvedRefs',
      });
    await t.callMust({ host: 'good.example.com' }, { backend: 'v1' });
  },
);
