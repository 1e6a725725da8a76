import type { Container, EnvVar, Pod, Service } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';
import type { ConfigData, ConfigKind, ConfigSource } from '../values/config-source.ts';
import { expand } from './expand.ts';
import { fieldValue, resourceValue } from '../values/field-ref.ts';
import type { NodeResources } from '../values/field-ref.ts';
import { serviceEnv } from './service-env.ts';

export interface EnvironmentInput {
  pod: Pod;
  container: Container;
  podIp: string;
  services: Iterable<Service>;
  /** Of the image. */
  imageEnv: Record<string, string>;
  config: Pick<ConfigSource, 'read'>;
  node: NodeResources;
}

/**
 * A container's environment, later ones winning: image, Services, envFrom, env.
 *
 * @throws Error - when a ConfigMap, Secret or key that is not optional is missing; kubelet calls it CreateContainerConfigError
 */
export async function containerEnv(input: EnvironmentInput): Promise<Record<string, string>> {
  const { pod, container, services, imageEnv } = input;
  const links = pod.spec?.enableServiceLinks ?? true;
  const env = { ...imageEnv, ...serviceEnv(services, metaOf(pod).namespace, links) };
  for (const source of container.envFrom ?? []) {
    const { prefix = '', configMapRef, secretRef } = source;
    const data = {
      ...(configMapRef === undefined ? {} : await readRef(input, 'configmap', configMapRef)),
      ...(secretRef === undefined ? {} : await readRef(input, 'secret', secretRef)),
    };
    for (const [key, value] of Object.entries(data)) env[prefix + key] = value.toString();
  }
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, input, env);
    if (value !== undefined) env[variable.name] = value;
  }
  return env;
}

/** Undefined for an optional reference that leads nowhere: the variable is not set then. */
async function valueOf(
  { value = '', valueFrom }: EnvVar,
  input: EnvironmentInput,
  env: Record<string, string>,
): Promise<string | undefined> {
  if (valueFrom === undefined) return expand(value, env);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) return fieldValue(fieldRef.fieldPath, input.pod, input.podIp);
  if (resourceFieldRef !== undefined) {
    const { resource, divisor } = resourceFieldRef;
    return resourceValue(
      resource,
      divisor,
      containerNamed(resourceFieldRef.containerName, input),
      input.node,
    );
  }
  if (configMapKeyRef !== undefined) return readKey(input, 'configmap', configMapKeyRef);
  if (secretKeyRef !== undefined) return readKey(input, 'secret', secretKeyRef);
  throw new Error('a variable has a valueFrom of a kind that is not supported');
}

function containerNamed(name: string | undefined, { pod, container }: EnvironmentInput): Container {
  return pod.spec?.containers.find((other) => other.name === name) ?? container;
}

interface Ref {
  name?: string;
  optional?: boolean;
}

function readRef(input: EnvironmentInput, kind: ConfigKind, ref: Ref): Promise<ConfigData> {
  return input.config.read(kind, metaOf(input.pod).namespace, ref.name ?? '', ref.optional ?? false);
}

async function readKey(
  input: EnvironmentInput,
  kind: ConfigKind,
  ref: Ref & { key: string },
): Promise<string | undefined> {
  const data = await readRef(input, kind, ref);
  const value = data[ref.key];
  if (value !== undefined) return value.toString();
  if (ref.optional === true) return undefined;
  throw new Error(`couldn't find key ${ref.key} in ${kind} ${metaOf(input.pod).namespace}/${ref.name ?? ''}`);
}
