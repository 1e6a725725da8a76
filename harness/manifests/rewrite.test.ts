import { expect } from 'chai';
import { parse } from 'yaml';
import type { KubeObject } from '../kube/objects.ts';
import { Names } from './names.ts';
import { rewrite } from './rewrite.ts';

const names = new Names({
  id: 's/n',
  nonce: 'bcdfgh',
  gatewayClass: 'routeproof',
  controllerName: 'routeproof.dev/gateway-controller',
});

function rewritten(text: string): unknown {
  return rewrite(parse(text) as KubeObject, names);
}

describe('rewriting a manifest', () => {
  it('moves a GRPCRoute: namespace, hostnames, parentRefs, backendRefs also in filters; nothing else', () => {
    const object = rewritten(`
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: shop }
spec:
  parentRefs: [{ name: edge, namespace: infra }, { name: shared, namespace: routeproof-base }, { name: local }]
  hostnames: [shop.example.com, '*.example.com']
  rules:
    - matches: [{ headers: [{ name: host, value: shop.example.com }] }]
      filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: v2, namespace: mirror } } }]
      backendRefs: [{ name: v1, namespace: other }, { name: v1 }]
`);
    expect(object).to.deep.equal(
      parse(`
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: shop, namespace: rp-s-n-bcdfgh }
spec:
  parentRefs: [{ name: edge, namespace: rp-s-n-bcdfgh-infra }, { name: shared, namespace: routeproof-base }, { name: local }]
  hostnames: [shop.bcdfgh.example.com, '*.bcdfgh.example.com']
  rules:
    - matches: [{ headers: [{ name: host, value: shop.example.com }] }]
      filters: [{ type: RequestMirror, requestMirror: { backendRef: { name: v2, namespace: rp-s-n-bcdfgh-mirror } } }]
      backendRefs: [{ name: v1, namespace: rp-s-n-bcdfgh-other }, { name: v1 }]
`),
    );
  });

  it('moves a Gateway: class, listener hostnames, certificateRefs, namespace selectors by name', () => {
    const object = rewritten(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge, namespace: infra }
spec:
  gatewayClassName: kgateway
  listeners:
    - name: https
      hostname: shop.example.com
      tls: { certificateRefs: [{ name: cert, namespace: vault }] }
      allowedRoutes:
        namespaces:
          selector:
            matchLabels: { kubernetes.io/metadata.name: apps }
            matchExpressions: [{ key: kubernetes.io/metadata.name, operator: In, values: [apps, default] }]
`) as { metadata: unknown; spec: { gatewayClassName: string; listeners: unknown[] } };
    expect(object.metadata).to.deep.equal({ name: 'edge', namespace: 'rp-s-n-bcdfgh-infra' });
    expect(object.spec.gatewayClassName).to.equal('kgateway-bcdfgh');
    expect(object.spec.listeners[0]).to.deep.include({
      hostname: 'shop.bcdfgh.example.com',
      tls: { certificateRefs: [{ name: 'cert', namespace: 'rp-s-n-bcdfgh-vault' }] },
      allowedRoutes: {
        namespaces: {
          selector: {
            matchLabels: { 'kubernetes.io/metadata.name': 'rp-s-n-bcdfgh-apps' },
            matchExpressions: [
              {
                key: 'kubernetes.io/metadata.name',
                operator: 'In',
                values: ['rp-s-n-bcdfgh-apps', 'rp-s-n-bcdfgh'],
              },
            ],
          },
        },
      },
    });
  });

  it('moves whom a ReferenceGrant lets in', () => {
    const object = rewritten(`
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: grant, namespace: other }
spec: { from: [{ group: gateway.networking.k8s.io, kind: GRPCRoute, namespace: default }], to: [{ group: '', kind: Service }] }
`) as { spec: { from: { namespace: string }[] } };
    expect(object.spec.from[0]?.namespace).to.equal('rp-s-n-bcdfgh');
  });

  it('renames Namespaces and GatewayClasses, and leaves a Deployment’s pods alone', () => {
    expect(rewritten('{ apiVersion: v1, kind: Namespace, metadata: { name: other } }')).to.deep.include({
      metadata: { name: 'rp-s-n-bcdfgh-other' },
    });
    expect(
      rewritten(
        '{ apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: { name: kgateway } }',
      ),
    ).to.deep.include({ metadata: { name: 'kgateway-bcdfgh' } });
    const spec = {
      template: {
        spec: {
          containers: [{ env: [{ name: 'HOST', value: 'shop.example.com' }], hostname: 'a.example.com' }],
        },
      },
    };
    const deployment: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec,
    };
    expect(rewrite(deployment, names).spec).to.deep.equal(spec);
  });

  it('leaves the written object as it was', () => {
    const written: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };
    rewrite(written, names);
    expect(written.metadata).to.deep.equal({ name: 's' });
  });
});
