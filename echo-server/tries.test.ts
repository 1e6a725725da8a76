import { expect } from 'chai';
import { startTestServer } from './test-client.ts';
import type { EchoServer } from './echo-server.ts';

interface Told {
  pod: string;
  tries: { atMs: number }[];
}

describe('plain HTTP', () => {
  let server: EchoServer;
  const ask = (path: string): Promise<Response> => fetch(`http://localhost:${server.httpPort ?? 0}${path}`);
  const told = async (path: string): Promise<Told> => (await (await ask(path)).json()) as Told;

  before(async () => {
    server = await startTestServer({ httpPort: 0 });
  });

  after(() => server.shutdown());

  it('fails as often as it is asked to, and then answers', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1)
      statuses.push((await ask('/any?id=a&first=502&times=2')).status);
    expect(statuses).to.deep.equal([502, 502, 200, 200]);
    const { pod, tries } = await told('/tries?id=a');
    expect(pod).to.equal('pod-1');
    expect(tries).to.have.length(4);
    const times = tries.map(({ atMs }) => atMs);
    expect(times).to.deep.equal([...times].sort((left, right) => left - right));
  });

  it('counts the tries of each id, and no question about them', async () => {
    await ask('/any?id=b');
    await told('/tries?id=b');
    expect((await told('/tries?id=b')).tries).to.have.length(1);
    expect((await told('/tries?id=nobody')).tries).to.deep.equal([]);
  });

  it('waits before it answers', async () => {
    await ask('/any?id=c&times=1&delayMs=50');
    await ask('/any?id=c&times=1');
    const [first, second] = (await told('/tries?id=c')).tries;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).to.be.at.least(49);
  });

  it('resets the connection, and has counted that try', async () => {
    const failure = await ask('/any?id=d&first=reset&times=1').catch((error: unknown) => error);
    expect(failure).to.be.an.instanceOf(TypeError);
    expect((await told('/any?id=d&first=reset&times=1')).tries).to.have.length(2);
  });

  for (const query of ['', 'id=e&first=200', 'id=e&times=many', 'id=e&delayMs=1s'])
    it(`refuses "${query}"`, async () => {
      expect((await ask(`/any?${query}`)).status).to.equal(400);
    });
});
