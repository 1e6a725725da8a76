import { expect } from 'chai';
import { maxPods } from '../node-container/machine.ts';
import { serverArguments } from './server-arguments.ts';

describe('the command of a node of k3s', () => {
  it('starts no gateway and no load balancer beside those under test', () => {
    const args = serverArguments({ cgroupV1: false, mayRaiseLimits: true });
    expect(args[0]).to.equal('server');
    const [disabled = ''] = args.filter((arg) => arg.startsWith('--disable='));
    expect(disabled.slice('--disable='.length).split(',')).to.include.members(['traefik', 'servicelb']);
    expect(args).to.include(`--kubelet-arg=max-pods=${maxPods}`);
    expect(args.join(' ')).not.to.match(/cgroupv1|feature-gates/);
  });

  it('lets a kubelet start on a machine that is narrow itself', () => {
    const args = serverArguments({ cgroupV1: true, mayRaiseLimits: false });
    expect(args).to.include.members([
      '--kubelet-arg=fail-cgroupv1=false',
      '--kubelet-arg=feature-gates=KubeletInUserNamespace=true',
    ]);
  });
});
