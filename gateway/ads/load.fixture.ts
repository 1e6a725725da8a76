import type { EchoAnswer, EchoClient } from './echo.fixture.ts';

const concurrency = 8;

/** Calls one host without a pause, several at a time, until `stop`, which gives all answers. */
export function underLoad(client: EchoClient, host: string): { stop: () => Promise<EchoAnswer[]> } {
  const answers: EchoAnswer[] = [];
  let running = true;
  const worker = async (): Promise<void> => {
    while (running) answers.push(await client.call({ host }));
  };
  const workers = Array.from({ length: concurrency }, worker);
  return {
    stop: async () => {
      running = false;
      await Promise.all(workers);
      return answers;
    },
  };
}
