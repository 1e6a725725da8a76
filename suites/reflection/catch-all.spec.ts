import { expect, scenario } from '../../harness/index.ts';

const host = 'reflection.example.com';

scenario(
  {
    id: 'reflection/catch-all',
    title: 'A rule without matches serves reflection along with everything else',
    support: 'core',
    clauses: ['reflection-routed-like-any-service', 'match-omitted-matches-everything'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('everything');
    await t.callMust({ host }, { backend: 'v1' });

    const described = await t.grpcurl(['-plaintext', '-authority', host, 'describe', 'echo.Echo']);
    await t.check('describe shows the service', () => {
      expect(described.stderr).to.equal('');
      expect(described.stdout).to.match(/rpc Echo ?\(/);
    });
  },
);
