import type * as k8s from '@kubernetes/client-node';

/** The client library's types describe parsed dates; on the wire they are RFC 3339 strings. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Json<U>[]
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T;

export type Pod = Json<k8s.V1Pod>;
export type PodSpec = Json<k8s.V1PodSpec>;
export type PodStatus = Json<k8s.V1PodStatus>;
export type PodCondition = Json<k8s.V1PodCondition>;
export type Container = Json<k8s.V1Container>;
export type ContainerStatus = Json<k8s.V1ContainerStatus>;
export type ContainerState = Json<k8s.V1ContainerState>;
export type EnvVar = Json<k8s.V1EnvVar>;
export type Probe = Json<k8s.V1Probe>;
export type Volume = Json<k8s.V1Volume>;
export type KeyToPath = Json<k8s.V1KeyToPath>;
export type ConfigMap = Json<k8s.V1ConfigMap>;
export type Secret = Json<k8s.V1Secret>;
export type Service = Json<k8s.V1Service>;
export type ObjectMeta = Json<k8s.V1ObjectMeta>;

export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** The identity of an object that was read from the API server, which always has these. */
export function metaOf(object: KubeObject): { name: string; namespace: string; uid: string } {
  const { name = '', namespace = '', uid = '' } = object.metadata ?? {};
  return { name, namespace, uid };
}
