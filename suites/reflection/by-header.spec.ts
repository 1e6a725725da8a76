import { expect, scenario } from '../../harness/index.ts';

const host = 'reflection.example.com';

scenario(
  {
    id: 'reflection/by-header',
    title: 'Reflection obeys header matches like any other call',
    support: 'core',
    clauses: ['reflection-routed-like-any-service', 'header-applies-to-all-rpc-kinds'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('canary-reflection');
    await t.callMust({ host, metadata: { env: 'canary' } }, { backend: 'v1' });

    const list = async (...headers: string[]): Promise<{ exitCode: number; stdout: string }> =>
      t.grpcurl(['-plaintext', '-authority', host, ...headers, 'list']);
    const [withHeader, without] = [await list('-reflect-header', 'env: canary'), await list()];
    await t.check('only the call with the header is served', () => {
      expect(withHeader.stdout.split('\n')).to.include('routeproof.v1.Probe');
      expect(without.exitCode).not.to.equal(0);
      expect(without.stdout).to.equal('');
    });
  },
);
