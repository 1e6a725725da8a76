import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { RouteproofError } from '../../common/errors.ts';
import { chooseContext, type ContextWanted } from './choose-context.ts';
import { ownCluster } from './service-account.ts';

const config = (name: string, of: { user?: object; cluster?: object } = {}): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': name,
  contexts: [{ name, context: { cluster: name, user: name, namespace: 'mine' } }],
  clusters: [{ name, cluster: { server: `https://${name}.example.com`, ...of.cluster } }],
  users: [{ name, user: of.user ?? { token: name } }],
});

describe('the context of a run on an existing cluster', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'rp-context-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const write = (name: string, content: object | string): string => {
    const path = join(dir, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : stringify(content));
    return path;
  };
  const failureOf = (wanted: ContextWanted): RouteproofError => {
    try {
      chooseContext(wanted, {});
    } catch (error) {
      if (error instanceof RouteproofError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  it('is the current one of the first file of KUBECONFIG that names one; files that are missing are left out', () => {
    const files = [join(dir, 'missing'), write('a', config('a')), write('b', config('b'))];
    const env = { KUBECONFIG: files.join(delimiter) };
    expect(chooseContext({}, env)).to.include({ context: 'a', server: 'https://a.example.com' });
    expect(chooseContext({ context: 'b' }, env)).to.include({
      context: 'b',
      server: 'https://b.example.com',
    });
  });

  it('takes nothing along but that context, its cluster and its user', () => {
    const files = [write('a', config('a')), write('b', config('b'))];
    const { kubeconfig } = chooseContext({ context: 'b' }, { KUBECONFIG: files.join(delimiter) });
    expect(kubeconfig).to.deep.equal(config('b'));
  });

  it('keeps paths that start at the directory of the kubeconfig, and commands that are looked up', () => {
    const user = {
      'client-certificate': 'c.pem',
      'client-key': '/abs/k.pem',
      exec: { command: './token', args: ['x'] },
    };
    const file = write('deep/a', config('a', { user, cluster: { 'certificate-authority': '../ca.pem' } }));
    const { kubeconfig } = chooseContext({ kubeconfig: file }, {});
    expect(kubeconfig.clusters?.[0]?.cluster).to.include({ 'certificate-authority': join(dir, 'ca.pem') });
    expect(kubeconfig.users?.[0]?.user).to.deep.equal({
      'client-certificate': join(dir, 'deep/c.pem'),
      'client-key': '/abs/k.pem',
      exec: { command: join(dir, 'deep/token'), args: ['x'] },
    });
    const looked = write('b', config('b', { user: { exec: { command: 'aws' } } }));
    const { kubeconfig: other } = chooseContext({ kubeconfig: looked }, {});
    expect(other.users?.[0]?.user).to.deep.equal({ exec: { command: 'aws' } });
  });

  it('is refused, as bad input, with what there is instead', () => {
    const cases: [ContextWanted, RegExp][] = [
      [{ kubeconfig: join(dir, 'none') }, /no such kubeconfig/],
      [{ kubeconfig: dir }, /not a kubeconfig\n.*EISDIR/],
      [{ kubeconfig: write('text', 'Some text.') }, /not a kubeconfig/],
      [{ kubeconfig: write('broken', 'a: [') }, /not a kubeconfig/],
      [{ kubeconfig: write('empty', '') }, /not a kubeconfig/],
      [{ kubeconfig: write('pod', { apiVersion: 'v1', kind: 'Pod' }) }, /seen: an object of kind Pod/],
      [{ kubeconfig: write('lists', { kind: 'Config', contexts: { a: 1 } }) }, /not a kubeconfig/],
      [{ kubeconfig: write('bare', { kind: 'Config' }) }, /names no current context\n.*no contexts at all/],
      [{ kubeconfig: write('a', config('a')), context: 'b' }, /no context b\n.*--context: a$/],
      [{ kubeconfig: write('x', { ...config('x'), clusters: [] }) }, /a cluster without a server: x/],
    ];
    for (const [wanted, text] of cases) {
      const { code, message } = failureOf(wanted);
      expect(code, message).to.equal('INVALID_INPUT');
      expect(message).to.match(text);
    }
  });

  it("is the pod's own cluster where nothing else is named", () => {
    const account = join(dir, 'account');
    write('account/token', 'secret\n');
    write('account/ca.crt', 'CA');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    expect(ownCluster(env, account)).to.deep.include({
      context: 'in-cluster',
      server: 'https://[fd00::1]:443',
    });
    expect(ownCluster(env, account)?.kubeconfig).to.deep.include({
      clusters: [
        {
          name: 'in-cluster',
          cluster: {
            server: 'https://[fd00::1]:443',
            'certificate-authority-data': Buffer.from('CA').toString('base64'),
          },
        },
      ],
      users: [{ name: 'in-cluster', user: { token: 'secret' } }],
    });
    expect(ownCluster({}, account)).to.equal(undefined);
    expect(ownCluster(env, join(dir, 'none'))).to.equal(undefined);
  });
});
