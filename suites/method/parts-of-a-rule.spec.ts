import { scenario } from '../../harness/index.ts';
import { declined, refused } from '../expected.ts';
import { echo, echoTwo, probe, probeTwo } from '../methods.ts';
import type { Route, RouteRule } from '../shapes.ts';

const host = 'method.example.com';

/** @param path - `service/method` */
function matchOf(path: string): NonNullable<RouteRule['matches']>[number] {
  const [service = '', method = ''] = path.split('/');
  return { method: { service, method } };
}

scenario(
  {
    id: 'method/parts-of-a-rule',
    title:
      'Matches and backends that a rule gets, loses and is left without are followed, the tenth edit as the first',
    support: 'core',
    clauses: [
      'grpcroute-update-takes-effect',
      'match-any-of-matches',
      'match-omitted-matches-everything',
      'method-exact-service-and-method',
      'backend-omitted-error',
    ],
    backends: ['v1', 'v2'],
  },
  async (t) => {
    const edit = (change: (rule: RouteRule) => void) =>
      t.update<Route>({ kind: 'GRPCRoute', name: 'edited' }, ({ spec }) => {
        for (const rule of spec.rules ?? []) change(rule);
      });
    const match = (...paths: string[]) =>
      edit((rule) => {
        rule.matches = paths.map(matchOf);
      });
    await t.apply();
    await t.routeMustBeAccepted('edited');
    await t.callMust({ host, method: probe }, { backend: 'v1' });

    await match(probe, probeTwo);
    await t.callMust({ host, method: probeTwo }, { backend: 'v1' });
    await t.callMustAlways({ host, method: probe }, { backend: 'v1' }, 3);
    await match(probeTwo);
    await t.callMust({ host, method: probe }, refused);
    await t.callMustAlways({ host, method: probeTwo }, { backend: 'v1' }, 3);
    await match(echo);
    await t.callMust({ host, method: echo }, { backend: 'v1' });
    await t.callMustAlways({ host, method: probeTwo }, refused, 3);
    await edit((rule) => {
      delete rule.matches;
    });
    await t.callMust({ host, method: echoTwo }, { backend: 'v1' });
    await match(echo);
    await t.callMust({ host, method: echoTwo }, refused);

    await edit((rule) => {
      delete rule.backendRefs;
    });
    // Which error it is, is judged by backend/no-backend-refs.
    await t.callMust({ host, method: echo }, declined);
    for (const backend of ['v1', 'v2', 'v1', 'v2']) {
      await edit((rule) => {
        rule.backendRefs = [{ name: backend, port: 9000 }];
      });
      await t.callMust({ host, method: echo }, { backend });
    }
  },
);
