import { expect } from 'chai';
import type { ConfigData } from '../values/config-source.ts';
import { containerEnv } from './environment.ts';
import type { EnvironmentInput } from './environment.ts';

const objects: Record<string, ConfigData> = {
  'configmap cm': { a: Buffer.from('1'), 'b.c': Buffer.from('2') },
  'secret s': { pw: Buffer.from('x') },
};

function input(container: Partial<EnvironmentInput['container']>): EnvironmentInput {
  const service = (name: string, namespace: string) => ({
    metadata: { name, namespace },
    spec: { clusterIP: '10.96.0.7', ports: [{ name: 'web-ui', port: 80 }] },
  });
  return {
    pod: { metadata: { name: 'p', namespace: 'ns', uid: 'u' }, spec: { containers: [] } },
    container: { name: 'c', ...container },
    podIp: '10.244.0.2',
    services: [service('my-app', 'ns'), service('other', 'elsewhere'), service('kubernetes', 'default')],
    imageEnv: { PATH: '/bin', FROM_IMAGE: '1' },
    config: {
      read: (kind, _namespace, name, optional) => {
        const found = objects[`${kind} ${name}`];
        if (found !== undefined) return Promise.resolve(found);
        return optional ? Promise.resolve({}) : Promise.reject(new Error(`${kind} "${name}" not found`));
      },
    },
    node: { cpus: 2, memoryBytes: 1024 },
  };
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => (error as Error).message,
  );
}

describe('containerEnv', () => {
  it('knows the Services of its namespace and the API', async () => {
    const env = await containerEnv(input({}));
    expect(env).to.include({
      MY_APP_SERVICE_HOST: '10.96.0.7',
      MY_APP_SERVICE_PORT: '80',
      MY_APP_SERVICE_PORT_WEB_UI: '80',
      MY_APP_PORT: 'tcp://10.96.0.7:80',
      MY_APP_PORT_80_TCP_ADDR: '10.96.0.7',
      KUBERNETES_SERVICE_HOST: '10.96.0.7',
    });
    expect(env).to.not.have.property('OTHER_SERVICE_HOST');
  });

  it('lets env win over envFrom, and that over the image, and expands what was set before', async () => {
    const env = await containerEnv(
      input({
        envFrom: [{ prefix: 'P_', configMapRef: { name: 'cm' } }, { secretRef: { name: 's' } }],
        env: [
          { name: 'FROM_IMAGE', value: '2' },
          { name: 'BOTH', value: '$(P_a)-$(pw)-$(LATER)' },
          { name: 'LATER', value: 'l' },
          { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          { name: 'KEY', valueFrom: { configMapKeyRef: { name: 'cm', key: 'b.c' } } },
        ],
      }),
    );
    expect(env).to.include({
      FROM_IMAGE: '2',
      BOTH: '1-x-$(LATER)',
      IP: '10.244.0.2',
      KEY: '2',
      'P_b.c': '2',
    });
  });

  it('leaves out what is optional and not there', async () => {
    const optional = { name: 'none', key: 'k', optional: true };
    const env = await containerEnv(
      input({
        envFrom: [{ secretRef: { name: 'none', optional: true } }],
        env: [{ name: 'X', valueFrom: { secretKeyRef: optional } }],
      }),
    );
    expect(env).to.not.have.property('X');
  });

  it('says what is missing', async () => {
    const missingKey = { name: 'X', valueFrom: { configMapKeyRef: { name: 'cm', key: 'z' } } };
    expect(await failureOf(containerEnv(input({ env: [missingKey] })))).to.equal(
      "couldn't find key z in configmap ns/cm",
    );
    const missingSecret = input({ envFrom: [{ secretRef: { name: 'none' } }] });
    expect(await failureOf(containerEnv(missingSecret))).to.equal('secret "none" not found');
  });
});
