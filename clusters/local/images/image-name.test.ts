import { expect } from 'chai';
import { parseImageName } from './image-name.ts';

describe('parseImageName', () => {
  const cases: [string, string, string][] = [
    ['nginx', 'docker.io/library/nginx', 'latest'],
    ['nginx:1.27', 'docker.io/library/nginx', '1.27'],
    ['soloio/grpc-echo-server:v0.1.0', 'docker.io/soloio/grpc-echo-server', 'v0.1.0'],
    ['localhost:5000/a/b', 'localhost:5000/a/b', 'latest'],
    [
      'gcr.io/k8s-staging-gateway-api/echo-basic:v1@sha256:abc',
      'gcr.io/k8s-staging-gateway-api/echo-basic',
      'v1',
    ],
    ['registry.example:5000/x:2', 'registry.example:5000/x', '2'],
  ];
  for (const [image, repository, tag] of cases) {
    it(`writes ${image} out in full`, () => {
      expect(parseImageName(image)).to.deep.equal({ repository, tag });
    });
  }
});
