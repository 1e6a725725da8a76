import { expect } from 'chai';
import { kindConfig } from './kind-config.ts';

interface Config {
  networking?: object;
  kubeadmConfigPatches: [string];
  containerdConfigPatches?: string[];
}

function configOf(...args: Parameters<typeof kindConfig>): {
  config: Config;
  kubelet: Record<string, unknown>;
} {
  const config = JSON.parse(kindConfig(...args)) as Config;
  return { config, kubelet: JSON.parse(config.kubeadmConfigPatches[0]) as Record<string, unknown> };
}

describe("kind's configuration", () => {
  it('changes little for a node image of kind on an ordinary machine', () => {
    const { config, kubelet } = configOf({ cgroupV1: false, mayRaiseLimits: true }, false);
    expect(config).to.have.all.keys('kind', 'apiVersion', 'kubeadmConfigPatches');
    expect(kubelet).to.have.all.keys('kind', 'apiVersion', 'maxPods');
  });

  it('leaves the network to our own node image', () => {
    const { config } = configOf({ cgroupV1: false, mayRaiseLimits: true }, true);
    expect(config.networking).to.deep.equal({ disableDefaultCNI: true, kubeProxyMode: 'nftables' });
  });

  it('lets a kubelet and containerd start on a machine that is narrow itself', () => {
    const { config, kubelet } = configOf({ cgroupV1: true, mayRaiseLimits: false }, false);
    expect(kubelet).to.include({ failCgroupV1: false });
    expect(kubelet['featureGates']).to.deep.equal({ KubeletInUserNamespace: true });
    expect(config.containerdConfigPatches?.[0]).to.include('restrict_oom_score_adj = true');
  });
});
