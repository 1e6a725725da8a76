import { expect } from 'chai';
import { selfSigned } from '../base/certificate.ts';
import { envoyImageOf } from './floor.ts';
import { floorConfig, floorPorts } from './floor-config.ts';

interface Written {
  static_resources: {
    listeners: { address: { socket_address: { port_value: number } }; filter_chains: object[] }[];
    clusters: object[];
  };
}

describe('the floor', () => {
  it('is the Envoy of the gateway, whoever makes it, and no helper beside it', () => {
    const pod = (...images: string[]) => ({ spec: { containers: images.map((image) => ({ image })) } });
    expect(envoyImageOf([pod('docker.io/envoyproxy/envoy:v1.40.0')])).to.equal(
      'docker.io/envoyproxy/envoy:v1.40.0',
    );
    expect(
      envoyImageOf([
        pod(
          'docker.io/envoyproxy/gateway:v1.9.1',
          'registry.test/mirror/envoyproxy/envoy:distroless-v1.39.1',
        ),
      ]),
    ).to.equal('registry.test/mirror/envoyproxy/envoy:distroless-v1.39.1');
    expect(envoyImageOf([pod('docker.io/library/nginx:1.29')])).to.equal(undefined);
    expect(envoyImageOf([])).to.equal(undefined);
  });

  it('has one listener and one cluster, and a second listener with TLS only where it is asked for', async () => {
    const backend = { address: '10.244.0.9', port: 9000 };
    const ports = (text: string): number[] =>
      (JSON.parse(text) as Written).static_resources.listeners.map(
        ({ address }) => address.socket_address.port_value,
      );
    expect(ports(floorConfig(backend))).to.deep.equal([floorPorts.h2c]);
    const both = floorConfig(backend, await selfSigned(['*.example.com']));
    expect(ports(both)).to.deep.equal([floorPorts.h2c, floorPorts.tls]);
    const { clusters, listeners } = (JSON.parse(both) as Written).static_resources;
    expect(clusters).to.have.length(1);
    expect(JSON.stringify(clusters)).to.include('"address":"10.244.0.9","port_value":9000');
    expect(JSON.stringify(listeners[0])).not.to.include('transport_socket');
  });
});
