import { expect, scenario } from '../../harness/index.ts';
import { echo, probeTwo } from '../methods.ts';
import { call, mustStay, nameOf, sessionsServed, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/cookie-name',
    title:
      'A session cookie has the name that its rule gives it, and one of its own where the rule gives none',
    support: 'extended',
    channel: 'experimental',
    clauses: [
      'session-cookie-named',
      'session-cookie-name-generated',
      'session-cookie-field-unsupported-visible',
    ],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['cookie-name.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'cookie-name.yaml', 'session-cookie-field-unsupported-visible'))) return;
    const named = await startSession(t);
    await t.check(
      'a cookie is called basket',
      () => {
        expect(named.cookies.map(nameOf), 'cookies').to.include('basket');
      },
      'routed',
    );
    await mustStay(t, named);

    const [second, third] = [
      { ...call, method: probeTwo },
      { ...call, method: echo },
    ];
    const sessions = [await startSession(t, second), await startSession(t, third)];
    await t.check(
      'cookies of rules that name none differ',
      () => {
        const names = sessions.flatMap(({ cookies }) => cookies.map(nameOf));
        expect(names, 'cookies').to.have.lengthOf.at.least(sessions.length);
        expect(
          new Set(['basket', ...names]).size,
          `different ones of ${names.join(', ')} and basket`,
        ).to.equal(names.length + 1);
      },
      'routed',
    );
  },
);
