/** Streams that are open while something changes which is none of theirs. */
import { expect, type OpenStream, type Scenario } from '../harness/index.ts';

/** Each of them answers a message that is sent `after` something. */
export async function mustGoOn(t: Scenario, streams: readonly OpenStream[], after: string): Promise<void> {
  const answers = await Promise.all(streams.map((stream) => stream.echo(after).catch(String)));
  await t.check(
    `the stream goes on ${after}`,
    () => {
      for (const answer of answers) expect(answer).to.include({ text: after });
    },
    'routed',
  );
}
