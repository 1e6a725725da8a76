/** ResponseHeaderModifier and RequestMirror, for scenarios that are about where a route is served. */
import { expect } from '../../harness/index.ts';
import type { Call, KubernetesObject, Scenario } from '../../harness/index.ts';
import { guideEcho, guideEchoV2 } from '../methods.ts';
import { currentConditions } from '../optional-support.ts';
import type { ParentRef } from '../shapes.ts';
import { valuesOf } from './header-values.ts';

const times = 10;

/**
 * Gives the place two routes more, to `v1`: one edits answers, the other mirrors to `copy`. Both have to do so for each of the calls, whose
 * methods are the routes' own. Either filter may be declined, in whatever words: filter/response-headers and filter/mirror judge those.
 */
export async function furtherFiltersMustWork(
  t: Scenario,
  of: { parent: ParentRef; hostnames?: string[] },
  calls: readonly Call[],
): Promise<void> {
  const responseHeaderModifier = { set: [{ name: 'x-answered', value: 'yes' }] };
  const requestMirror = { backendRef: { name: 'copy', port: 9000 } };
  await t.applyObjects(
    route('edits-answers', guideEcho, { type: 'ResponseHeaderModifier', responseHeaderModifier }, of),
    route('mirrors', guideEchoV2, { type: 'RequestMirror', requestMirror }, of),
  );

  if (await isTaken(t, 'edits-answers')) {
    for (const call of calls) {
      const { headers } = await t.callMust({ ...call, method: guideEcho }, { backend: 'v1' });
      await t.check(
        `answers are edited ${placeOf(call)}`,
        () => expect(valuesOf(headers, 'x-answered')).to.deep.equal(['yes']),
        'routed',
      );
    }
  }
  if (!(await isTaken(t, 'mirrors'))) return;
  for (const [index, call] of calls.entries()) {
    const nonce = `${t.nonce}-mirrored-${String(index)}`;
    await t.callMust({ ...call, method: guideEchoV2 }, { backend: 'v1' });
    const counted = { ...call, method: guideEchoV2, metadata: { 'x-routeproof-nonce': nonce } };
    await t.callMustAlways(counted, { backend: 'v1' }, times);
    const copies = await t.seenBy('copy', nonce, { atLeast: times });
    await t.check(
      `calls are mirrored ${placeOf(call)}`,
      () => expect(copies).to.have.length(times),
      'routed',
    );
  }
}

async function isTaken(t: Scenario, name: string): Promise<boolean> {
  const says = (route: KubernetesObject, type: string): string | undefined =>
    currentConditions(t, route).find((condition) => condition.type === type)?.status;
  const isJudged = (object: KubernetesObject): boolean =>
    ['True', 'False'].includes(says(object, 'Accepted') ?? '');
  const route = await t.until({ kind: 'GRPCRoute', name }, 'it has a verdict', isJudged, 'status');
  const taken = says(route, 'Accepted') === 'True' && says(route, 'PartiallyInvalid') !== 'True';
  if (!taken) t.note(`the route ${name} is declined`);
  return taken;
}

function placeOf({ host = 'any host', port, tls }: Call): string {
  return `for ${host} on port ${String(port ?? (tls === undefined ? 80 : 443))}`;
}

function route(
  name: string,
  of: string,
  filter: object,
  { parent, hostnames }: { parent: ParentRef; hostnames?: string[] },
): object {
  const [service = '', method = ''] = of.split('/');
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name },
    spec: {
      parentRefs: [parent],
      ...(hostnames && { hostnames }),
      rules: [
        {
          matches: [{ method: { service, method } }],
          filters: [filter],
          backendRefs: [{ name: 'v1', port: 9000 }],
        },
      ],
    },
  };
}
