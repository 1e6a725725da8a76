import { expect } from 'chai';
import type { PodSpec } from '../../../api/types.ts';
import { hostsFile, resolvConf } from './network-files.ts';

const host = {
  hostResolvConf: '# a comment\nnameserver 192.0.2.1\nsearch corp.example\n',
  hostHosts: '127.0.0.1 h\n',
};
const withDns = { ...host, clusterDns: '10.96.0.10' };
const withoutDns = { ...host, clusterDns: undefined };
const pod = (spec: Partial<PodSpec> = {}) => ({
  metadata: { name: 'p', namespace: 'ns' },
  spec: { containers: [], ...spec },
});
const cluster =
  'search ns.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n';
const machine = 'search corp.example\nnameserver 192.0.2.1\n';

describe('resolvConf', () => {
  it('names the name server of the cluster and the domains around the pod', () => {
    expect(resolvConf(pod(), withDns)).to.equal(cluster);
    expect(resolvConf(pod({ dnsPolicy: 'ClusterFirst' }), withDns)).to.equal(cluster);
    expect(resolvConf(pod({ dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true }), withDns)).to.equal(
      cluster,
    );
  });

  it("is the machine's for the policy Default, and for ClusterFirst on the node's network", () => {
    expect(resolvConf(pod({ dnsPolicy: 'Default' }), withDns)).to.equal(machine);
    expect(resolvConf(pod({ dnsPolicy: 'Default' }), withoutDns)).to.equal(machine);
    expect(resolvConf(pod({ hostNetwork: true }), withDns)).to.equal(machine);
  });

  it('names no server where the cluster has none', () => {
    expect(resolvConf(pod(), withoutDns)).to.equal(undefined);
  });

  it('adds dnsConfig, whose options replace those of the same name', () => {
    const dnsConfig = {
      nameservers: ['10.96.0.10', '192.0.2.9'],
      searches: ['more.example', 'cluster.local'],
      options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }],
    };
    expect(resolvConf(pod({ dnsConfig }), withDns)).to.equal(
      'search ns.svc.cluster.local svc.cluster.local cluster.local more.example\n' +
        'nameserver 10.96.0.10\nnameserver 192.0.2.9\noptions ndots:2 edns0\n',
    );
    expect(resolvConf(pod({ dnsPolicy: 'None', dnsConfig }), withDns)).to.equal(
      'search more.example cluster.local\nnameserver 10.96.0.10\nnameserver 192.0.2.9\noptions ndots:2 edns0\n',
    );
  });
});

describe('hostsFile', () => {
  it('has localhost, the pod and its aliases', () => {
    const lines = hostsFile(
      pod({ hostAliases: [{ ip: '192.0.2.5', hostnames: ['a', 'b'] }] }),
      '10.244.0.9',
      withDns,
    );
    expect(lines).to.match(/^127\.0\.0\.1\tlocalhost$/m);
    expect(lines).to.match(/^10\.244\.0\.9\tp$/m);
    expect(lines).to.match(/^192\.0\.2\.5\ta\tb\n$/m);
  });

  it('has the full name of a pod with a subdomain', () => {
    expect(hostsFile(pod({ hostname: 'h', subdomain: 's' }), '10.244.0.9', withDns)).to.match(
      /^10\.244\.0\.9\th\.s\.ns\.svc\.cluster\.local\th$/m,
    );
  });

  it("is the machine's on the node's network", () => {
    expect(hostsFile(pod({ hostNetwork: true }), '10.244.0.1', withDns)).to.equal('127.0.0.1 h\n');
  });
});
