/**
 * A program for tests, to run inside a cluster: one call of echo.Echo after another, until the file STOP exists. Says who answers
 * whenever that is another pod, every call that fails, and at last how many there were.
 *
 * Usage: node call-steadily.ts ADDRESS AUTHORITY STOP
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MethodDefinition } from '@grpc/proto-loader';
import { projectRoot } from '../../common/tools.ts';

const everyMs = 10;
const deadlineMs = 10_000;

const [address = '', authority = '', stop = ''] = process.argv.slice(2);
const protos = loadSync(join(projectRoot, 'echo-server/proto/echo.proto'));
const echo = (protos['echo.Echo'] as Record<string, MethodDefinition<object, object>>)['Echo'];
const client = new Client(address, credentials.createInsecure(), { 'grpc.default_authority': authority });

function call(): Promise<string> {
  return new Promise((resolve) => {
    const { path = '', requestSerialize, responseDeserialize } = echo ?? {};
    if (requestSerialize === undefined || responseDeserialize === undefined)
      throw new Error('no such method');
    const deadline = Date.now() + deadlineMs;
    client.makeUnaryRequest<object, { source?: string }>(
      path,
      requestSerialize,
      responseDeserialize,
      { text: 'again' },
      new Metadata(),
      { deadline },
      (error, response) => resolve(error === null ? `from ${response?.source}` : `failed: ${error.message}`),
    );
  });
}

let calls = 0;
for (let last = ''; !existsSync(stop); calls += 1) {
  const answer = await call();
  if (answer !== last || answer.startsWith('failed')) console.log(answer);
  last = answer;
  await pause(everyMs);
}
console.log(`calls ${calls}`);
client.close();
