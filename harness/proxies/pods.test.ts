import { expect } from 'chai';
import type { Lab } from '../control-plane/lab.ts';
import { controllerPods, proxyPods, type Pod, type SharedProxies } from './pods.ts';

function pod(
  name: string,
  container: string,
  labels: Record<string, string> = {},
  phase = 'Running',
  namespace = 'x',
): Pod {
  return {
    metadata: { name, namespace, labels },
    spec: { containers: [{ name: container }] },
    status: { phase },
  };
}

const standard = { 'gateway.networking.k8s.io/gateway-name': 'edge' };
const ownLabel = { 'example.org/owning-gateway-name': 'edge' };

/** A Gateway of which two proxies run, one of them beside the controller, and a controller of its own. */
function labWith(
  configDump?: { container: string; port: number },
  sharedProxies?: SharedProxies,
): Pick<Lab, 'env' | 'gateway'> {
  const beside = [
    pod('shared', 'manager', {}, 'Running', 'system'),
    pod('proxy-beside', 'envoy', ownLabel, 'Running', 'system'),
  ];
  const elsewhere = [
    pod('proxy', 'envoy', standard),
    pod('own', 'contour', standard),
    pod('job', 'certgen', standard, 'Succeeded'),
    pod('other', 'envoy', { 'gateway.networking.k8s.io/gateway-name': 'another' }),
  ];
  const send = (): Promise<{ items: Pod[] }> => Promise.resolve({ items: [...beside, ...elsewhere] });
  const env = {
    kube: { send },
    logNamespaces: ['system'],
    ...(configDump && { configDump }),
    ...(sharedProxies && { sharedProxies }),
  };
  return { env: env as unknown as Lab['env'], gateway: { namespace: 'x', name: 'edge' } };
}

const names = (pods: Pod[]): (string | undefined)[] => pods.map(({ metadata }) => metadata?.name);

describe('pods that a benchmark of the control plane looks at', () => {
  it('tells the proxies of a Gateway from a controller that runs for it alone, wherever they run', async () => {
    const lab = labWith({ container: 'envoy', port: 9001 });
    expect(names(await proxyPods(lab))).to.deep.equal(['proxy-beside', 'proxy']);
    expect(names(await controllerPods(lab))).to.deep.equal(['shared', 'own']);
  });

  it('takes every pod of a Gateway for its proxy where the container is not known', async () => {
    const lab = labWith();
    expect(names(await proxyPods(lab))).to.deep.equal(['proxy-beside', 'proxy', 'own']);
    expect(names(await controllerPods(lab))).to.deep.equal(['shared', 'proxy-beside']);
  });

  it('takes proxies that all Gateways share by their namespace and labels, whosever labels they have', async () => {
    const lab = labWith(undefined, { namespace: 'system', labels: ownLabel });
    expect(names(await proxyPods(lab))).to.deep.equal(['proxy-beside']);
    expect(names(await controllerPods(lab))).to.deep.equal(['shared']);
    expect(await proxyPods(labWith(undefined, { namespace: 'x', labels: ownLabel }))).to.deep.equal([]);
  });

  it('takes shared proxies for their own controller where nothing else runs', async () => {
    const lab = labWith(undefined, { namespace: 'system', labels: {} });
    expect(names(await controllerPods(lab))).to.deep.equal(['shared', 'proxy-beside']);
  });
});
