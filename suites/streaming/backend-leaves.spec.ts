import { expect, scenario } from '../../harness/index.ts';
import { deploymentsMustBeAvailable } from '../deployments.ts';
import { mustGoOn } from '../open-streams.ts';
import { lost, steadyCalls } from '../steady-calls.ts';

const host = 'stream.example.com';
/** On the caller's connection of the stream: a gateway that has one to the backend for each of its clients' sends both over it. */
const besideIt = { host, connection: 'steady', deadlineMs: 10_000 };
/** What tells the echo server to leave the connection that the call came by. */
const leave = { 'x-routeproof-leave': 'yes' };
const rounds = 5;
const answered = {
  status: 'OK',
  also: ({ backend = '' }) => expect(backend).to.match(/^restless-/),
} as const;

/** The gateway's end of the connection by which the backend was reached. */
function peerOf(response: Record<string, unknown> | undefined): unknown {
  return (response?.['received'] as { peer?: string } | undefined)?.peer;
}

scenario(
  {
    id: 'streaming/backend-leaves',
    title:
      'A backend that leaves its connections by GOAWAY has its streams finished, and the next calls reach it on others',
    support: 'core',
    clauses: ['grpc-backend-goaway-heeded'],
    guards: ['nginx/nginx#1431', 'traefik/traefik#10111', 'linkerd/linkerd2#4262'],
  },
  async (t) => {
    await t.apply();
    await deploymentsMustBeAvailable(t, 'restless');
    await t.routeMustBeAccepted('backend-leaves');
    await t.callMust(besideIt, answered);

    const calls = steadyCalls(t, besideIt);
    for (let round = 1; round <= rounds; round += 1) {
      const stream = await t.openStream({ host, connection: 'steady', metadata: leave });
      const left = peerOf(await stream.echo(`GOAWAY number ${String(round)}`));
      const others = await t.callMustAlways(besideIt, answered, 3);
      await t.check(
        'calls that come after GOAWAY reach the backend by another connection',
        () => {
          expect(left, 'connection of the stream').to.be.a('string');
          expect(others.map(({ responses: [response] }) => peerOf(response))).not.to.include(left);
        },
        'backend',
      );
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
