import { expect } from 'chai';
import { byHand } from './by-hand.ts';

const plain = { cluster: 'local', name: 'default', gatewayClass: 'routeproof', limitsScale: 1 };
const kubectl = ['kubectl', 'get', 'gateways', '--namespace', 'here'];
const grpcurl = ['grpcurl', '-plaintext', '-H', 'x: it’s', '10.97.0.1:80', 'a.B/C'];

describe('what a person types to see a failure again', () => {
  it('is on the default cluster where nothing else was said', () => {
    const { sameRun, command } = byHand(plain);
    expect(sameRun).to.deep.equal([]);
    expect(command(kubectl)).to.equal('routeproof exec -- kubectl get gateways --namespace here');
    expect(command(grpcurl)).to.equal(
      "routeproof exec -- grpcurl -plaintext -H 'x: it’s' 10.97.0.1:80 a.B/C",
    );
  });

  it('is on the cluster of that name', () => {
    const { sameRun, command } = byHand({ ...plain, name: 'look' });
    expect(sameRun).to.deep.equal(['--name', 'look']);
    expect(command(kubectl)).to.equal('routeproof exec --name look -- kubectl get gateways --namespace here');
  });

  for (const cluster of ['kind', 'k3s']) {
    it(`is on the cluster that ${cluster} hosts`, () => {
      const { sameRun, command } = byHand({ ...plain, cluster, name: 'look' });
      expect(sameRun).to.deep.equal(['--cluster', cluster, '--name', 'look']);
      expect(command(['kubectl', 'get', 'pods'])).to.equal(
        `routeproof exec --cluster ${cluster} --name look -- kubectl get pods`,
      );
    });
  }

  it('has the user’s own commands on a cluster of others', () => {
    const { sameRun, command } = byHand({
      ...plain,
      cluster: 'kubeconfig',
      kubeconfig: 'my config',
      context: 'c',
    });
    expect(sameRun).to.deep.equal(['--cluster', 'kubeconfig', '--kubeconfig', 'my config', '--context', 'c']);
    expect(command(['kubectl', 'get', 'pods'])).to.equal(
      "kubectl --kubeconfig 'my config' --context c get pods",
    );
    expect(command(grpcurl)).to.equal("grpcurl -plaintext -H 'x: it’s' 10.97.0.1:80 a.B/C");
    expect(byHand({ ...plain, cluster: 'kubeconfig' }).command(kubectl)).to.equal(kubectl.join(' '));
  });

  it('is what the user said, though the run is in a pod', () => {
    const { sameRun, command } = byHand({
      ...plain,
      cluster: 'kubeconfig',
      deliver: { context: 'c', runnerImage: 'harness:1' },
    });
    expect(sameRun).to.deep.equal(
      '--cluster kubeconfig --context c --in-cluster --runner-image harness:1'.split(' '),
    );
    expect(command(['kubectl', 'get', 'pods'])).to.equal('kubectl --context c get pods');
  });

  it('has the limits of the run', () => {
    expect(byHand({ ...plain, limitsScale: 2.5 }).sameRun).to.deep.equal(['--limits-scale', '2.5']);
  });
});
