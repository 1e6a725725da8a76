import { expect } from 'chai';
import type { Lab } from './lab.ts';
import { controllerPods, proxyPods, type Pod } from './pods.ts';

function pod(name: string, container: string, phase = 'Running'): Pod {
  return { metadata: { name }, spec: { containers: [{ name: container }] }, status: { phase } };
}

/** A Gateway whose implementation runs a controller of its own for it, beside one in a namespace. */
function labWith(configDump?: { container: string; port: number }): Pick<Lab, 'env' | 'gateway'> {
  const ofGateway = [pod('proxy', 'envoy'), pod('own', 'contour'), pod('job', 'certgen', 'Succeeded')];
  const send = (_method: string, path: string): Promise<{ items: Pod[] }> =>
    Promise.resolve({
      items: path === '/api/v1/namespaces/system/pods' ? [pod('shared', 'manager')] : ofGateway,
    });
  const env = { kube: { send }, logNamespaces: ['system'], ...(configDump && { configDump }) };
  return { env: env as unknown as Lab['env'], gateway: { namespace: 'x', name: 'edge' } };
}

const names = (pods: Pod[]): (string | undefined)[] => pods.map(({ metadata }) => metadata?.name);

describe('pods that a benchmark of the control plane looks at', () => {
  it('tells the proxy of a Gateway from a controller that runs for it alone', async () => {
    const lab = labWith({ container: 'envoy', port: 9001 });
    expect(names(await proxyPods(lab))).to.deep.equal(['proxy']);
    expect(names(await controllerPods(lab))).to.deep.equal(['shared', 'own']);
  });

  it('takes every pod of a Gateway for its proxy where the container is not known', async () => {
    const lab = labWith();
    expect(names(await proxyPods(lab))).to.deep.equal(['proxy', 'own']);
    expect(names(await controllerPods(lab))).to.deep.equal(['shared']);
  });
});
