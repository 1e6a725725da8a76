import { expect, scenario } from '../../harness/index.ts';
import { mustGoOn } from '../open-streams.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'stream.example.com';
/** It shares a connection with the stream, and so, as far as its caller can see to it, its way to the backend. */
const besideIt = { host, connection: 'steady', deadlineMs: 10_000 };
/** What tells the echo server to leave the connection that the call came by. */
const leave = { 'x-routeproof-leave': 'yes' };
const rounds = 5;

scenario(
  {
    id: 'streaming/backend-leaves',
    title:
      'A backend that leaves its connections by GOAWAY has its streams finished, and the next calls reach it on others',
    support: 'core',
    clauses: ['grpc-backend-goaway-heeded'],
    backends: ['v1'],
    guards: ['nginx/nginx#1431', 'traefik/traefik#10111', 'linkerd/linkerd2#4262'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('backend-leaves');
    await t.callMust(besideIt, { backend: 'v1' });

    const calls = steadyCalls(t, besideIt);
    for (let round = 1; round <= rounds; round += 1) {
      const stream = await t.openStream({ host, connection: 'steady', metadata: leave });
      await mustGoOn(t, [stream], `after GOAWAY number ${String(round)}`);
      await t.callMustAlways(besideIt, { backend: 'v1' }, 3);
      await mustGoOn(t, [stream], 'when the backend has answered other calls');
      const end = await stream.finish();
      await t.check(
        'the stream ends with the status of its backend',
        () => expect(end.status).to.equal(0),
        'trailers',
      );
    }
    const results = await calls.stop();
    await t.check('no call is lost meanwhile', () => expect(lost(results)).to.deep.equal([]), 'backend');
  },
);
