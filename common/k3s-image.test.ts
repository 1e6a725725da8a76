import { expect } from 'chai';
import { RouteproofError } from './errors.ts';
import { k3sImage } from './k3s-image.ts';

const named = (ROUTEPROOF_K3S_IMAGE: string): string => k3sImage({ ROUTEPROOF_K3S_IMAGE });

describe('the image of k3s', () => {
  it('is pinned by a tag, and another one where the user names it', () => {
    expect(k3sImage({})).to.match(/^docker\.io\/rancher\/k3s:v\d+\.\d+\.\d+-k3s\d+$/);
    expect(named('')).to.equal(k3sImage({}));
    for (const image of [
      'rancher/k3s',
      'k3s:v1',
      'registry.example.com:5000/a/b-c_d:V1.2_x',
      `docker.io/rancher/k3s@sha256:${'0'.repeat(64)}`,
    ])
      expect(named(image)).to.equal(image);
  });

  it('is refused as bad input when it is no name of an image', () => {
    for (const image of ['No Such::Image', 'rancher/K3s', 'a:', '-rm', 'a b', 'a@sha256:1'])
      expect(() => named(image), image)
        .to.throw(RouteproofError, `seen: ${image}`)
        .with.property('code', 'INVALID_INPUT');
  });
});
