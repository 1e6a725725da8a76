/** The smallest pod: one container `c` that runs a shell script. */
export function shellPod(
  name: string,
  script: string,
  more: { spec?: object; container?: object } = {},
): object {
  const container = { name: 'c', image: 'test.local/shell:v1', args: [script], ...more.container };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 0, containers: [container], ...more.spec },
  };
}

/** A Deployment of HTTP servers on 8080, see `httpServerScript`. */
export function webDeployment(name: string, replicas: number, script: string): object {
  const container = {
    name: 'web',
    image: 'test.local/node:v1',
    args: ['-e', script],
    readinessProbe: { httpGet: { port: 8080 } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
    },
  };
}

/** A LoadBalancer Service from port 80 to 8080 of the pods of `app`. */
export function loadBalancer(name: string, app: string, more: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type: 'LoadBalancer', selector: { app }, ports: [{ port: 80, targetPort: 8080 }], ...more },
  };
}
