import { expect } from 'chai';
import { partsAbout } from './parts-about.ts';

const listener = (...names: string[]): object => ({
  name: 'edge',
  active_state: {
    listener: { filter_chains: names.map((name) => ({ filter_chain_match: { server_names: [name] } })) },
  },
});
const routes = (...hosts: string[]): object => ({
  route_config: { name: 'http', virtual_hosts: hosts.map((name) => ({ name, domains: [name] })) },
});
const dump = (...configs: object[]): { configs: Record<string, unknown>[] } => ({
  configs: configs as Record<string, unknown>[],
});

describe('the parts of a config dump about a scenario', () => {
  it('leaves out resources that do not name it, and kinds of which none does', () => {
    const cluster = (name: string): object => ({ cluster: { name } });
    const parts = partsAbout(
      ['n0nce1'],
      dump(
        { '@type': 'clusters', dynamic_active_clusters: [cluster('rp-n0nce1/v1'), cluster('rp-other/v1')] },
        { '@type': 'secrets', dynamic_active_secrets: [{ name: 'other' }] },
        { '@type': 'bootstrap', bootstrap: { node: { id: 'rp-n0nce1' } } },
      ),
    );
    expect(parts).to.deep.equal([
      { '@type': 'clusters', dynamic_active_clusters: [cluster('rp-n0nce1/v1')] },
    ]);
  });

  it('leaves out hosts and filter chains of others in a resource that they share', () => {
    const parts = partsAbout(
      ['n0nce1'],
      dump(
        { '@type': 'routes', dynamic_route_configs: [routes('a.n0nce1.test', 'b.other.test')] },
        { '@type': 'listeners', dynamic_listeners: [listener('b.other.test', 'a.n0nce1.test')] },
      ),
    );
    expect(parts).to.deep.equal([
      { '@type': 'routes', dynamic_route_configs: [routes('a.n0nce1.test')] },
      { '@type': 'listeners', dynamic_listeners: [listener('a.n0nce1.test')] },
    ]);
  });

  it('keeps all hosts of a resource that is named after the scenario only', () => {
    const own = { name: 'rp-n0nce1/edge', ...routes('*') };
    expect(partsAbout(['n0nce1'], dump({ '@type': 'routes', dynamic_route_configs: [own] }))).to.deep.equal([
      { '@type': 'routes', dynamic_route_configs: [own] },
    ]);
  });

  it('keeps what Envoy refused, whoever it is about', () => {
    const refused = { name: 'http', error_state: { details: 'missing ): /a(/' } };
    expect(
      partsAbout(['n0nce1'], dump({ '@type': 'routes', dynamic_route_configs: [refused] })),
    ).to.deep.equal([{ '@type': 'routes', dynamic_route_configs: [refused] }]);
  });

  it('has nothing to say where nothing names the scenario', () => {
    expect(partsAbout(['n0nce1'], dump({ '@type': 'routes', static_route_configs: [routes('*')] }))).to.equal(
      undefined,
    );
    expect(partsAbout(['n0nce1'], {})).to.equal(undefined);
    expect(
      partsAbout(['n0nce1'], { routers: { 'other@kubernetes': { rule: 'Host(`b.other.test`)' } } }),
    ).to.equal(undefined);
  });

  it('keeps, of a proxy that is no Envoy, the things that name it by their name or in their text', () => {
    const byText = { rule: 'Host(`a.n0nce1.test`)' };
    const other = { rule: 'Host(`b.other.test`)' };
    const routers = { 'rp-n0nce1@kubernetes': other, 'x@kubernetes': byText, 'y@kubernetes': other };
    expect(partsAbout(['n0nce1'], { routers, services: { 'y@kubernetes': {} }, version: '3' })).to.deep.equal(
      {
        routers: { 'rp-n0nce1@kubernetes': other, 'x@kubernetes': byText },
      },
    );
  });
});
