import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import type { Route } from '../shapes.ts';
import { programmedOrNot } from './programmed-or-not.ts';

/** What is made for a Gateway, and its labels, cannot have names of that many characters. */
const longest = `${'long-'.repeat(50)}gwy`;
const host = 'longest.example.com';

scenario(
  {
    id: 'gateway/longest-name',
    title: 'A Gateway whose name has 253 characters is judged, and served or said not to be',
    support: 'core',
    clauses: ['gateway-summary-conditions-always-present', 'gateway-observedgeneration-current'],
    guards: ['projectcontour/contour#5970', 'cilium/cilium#31285', 'kubernetes-sigs/gateway-api#2592'],
    backends: ['v1'],
    manifests: [],
  },
  async (t) => {
    const apiVersion = 'gateway.networking.k8s.io/v1';
    const gateway: KubernetesObject & { spec: object } = {
      apiVersion,
      kind: 'Gateway',
      metadata: { name: longest },
      spec: { gatewayClassName: 'routeproof', listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }] },
    };
    const route: Route = {
      apiVersion,
      kind: 'GRPCRoute',
      metadata: { name: 'longest' },
      spec: {
        parentRefs: [{ name: longest }],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: 'v1', port: 9000 }] }],
      },
    };
    await t.applyObjects(gateway, route);
    if (!(await programmedOrNot(t, longest))) return;
    await t.routeMustBeAccepted('longest');
    await t.callMust({ host }, { backend: 'v1' });
  },
);
