import { readFileSync } from 'node:fs';
import { ApiClient } from '../../api/api-client.ts';
import { Informer } from '../../api/informer.ts';
import type { Service } from '../../api/types.ts';
import { LoadBalancerController } from '../../load-balancer/load-balancer-controller.ts';

/**
 * Runs in a pod of a cluster of kind or k3s: gives Services of type LoadBalancer addresses without a cloud. Nobody announces them: they are
 * dialled in the node's own network, where kube-proxy serves them.
 */
const mounted = '/var/run/secrets/kubernetes.io/serviceaccount';
const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
const api = new ApiClient({
  host,
  port: Number(port),
  ca: readFileSync(`${mounted}/ca.crt`, 'utf8'),
  // Kubernetes makes it valid for a year, longer than a cluster of ours lives.
  token: readFileSync(`${mounted}/token`, 'utf8'),
});
const failed = (error: unknown): void => console.error(error);
const controller = new LoadBalancerController(api, failed);
await new Informer<Service>(api, '/api/v1/services', {
  changed: (service) => controller.changed(service),
  deleted: (service) => controller.deleted(service),
  failed,
}).start();
console.log('giving addresses');
