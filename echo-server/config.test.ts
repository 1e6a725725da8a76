import { expect } from 'chai';
import { configFromEnv, grpcEchoBasicConfig, serviceNames } from './config.ts';

describe('echo-server settings', () => {
  it('serve everything on 9000 by default', () => {
    const config = configFromEnv({});
    expect(config.ports).to.deep.equal([9000]);
    expect(config.services).to.deep.equal([...serviceNames]);
    expect(config.tls).to.equal(undefined);
  });

  it('take ports, services, identity and the key pair from the environment', () => {
    const config = configFromEnv({
      ECHO_PORTS: '50051, 50052',
      ECHO_SERVICES: 'greeter,health',
      POD_NAME: 'p',
      POD_NAMESPACE: 'n',
      TLS_CERT_FILE: '/c',
      TLS_KEY_FILE: '/k',
      ECHO_HTTP_PORT: '9080',
      ECHO_MAX_STREAMS: '3',
      SHUTDOWN_GRACE_MS: '7',
    });
    expect(config.ports).to.deep.equal([50051, 50052]);
    expect(config.services).to.deep.equal(['greeter', 'health']);
    expect(config.identity).to.include({ pod: 'p', namespace: 'n' });
    expect(config.tls).to.deep.equal({ certFile: '/c', keyFile: '/k', port: 9443 });
    expect(config.httpPort).to.equal(9080);
    expect(config.maxStreams).to.equal(3);
    expect(config.shutdownGraceMs).to.equal(7);
  });

  for (const [env, named] of [
    [{ ECHO_PORTS: '70000' }, 'ECHO_PORTS'],
    [{ ECHO_PORTS: 'http' }, 'ECHO_PORTS'],
    [{ ECHO_SERVICES: 'echo,nope' }, 'ECHO_SERVICES'],
    [{ ECHO_HTTP_PORT: 'http' }, 'ECHO_HTTP_PORT'],
    [{ ECHO_MAX_STREAMS: '0' }, 'ECHO_MAX_STREAMS'],
    [{ TLS_CERT_FILE: '/c' }, 'TLS_KEY_FILE'],
    [{ TLS_KEY_FILE: '/k' }, 'TLS_CERT_FILE'],
    [{ SHUTDOWN_GRACE_MS: '1s' }, 'SHUTDOWN_GRACE_MS'],
  ] as const) {
    it(`refuse ${JSON.stringify(env)} and name ${named}`, () => {
      expect(() => configFromEnv(env))
        .to.throw(named)
        .with.property('code', 'INVALID_INPUT');
    });
  }

  it('follow the official image in its gRPC mode', () => {
    const config = grpcEchoBasicConfig({ NAMESPACE: 'n', TLS_SERVER_CERT: '/c', TLS_SERVER_PRIV_KEY: '/k' });
    expect(config.ports).to.deep.equal([3000]);
    expect(config.tls?.port).to.equal(8443);
    expect(config.identity.namespace).to.equal('n');
  });
});
