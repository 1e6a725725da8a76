import { stringify } from 'yaml';

export interface ConditionView {
  /** Which part of the status, for example `listener http` or `parent routeproof-base/shared`; empty for the object's own. */
  of: string;
  type: string;
  status: string;
  reason: string;
  message: string;
  /** The condition speaks of an older generation than the object's. */
  stale: boolean;
}

export interface ObjectView {
  kind: string;
  /** namespace/name. */
  name: string;
  conditions: ConditionView[];
  yaml: string;
}

/** A Kubernetes object as people read it: its conditions first, then YAML without the API server's bookkeeping. */
export function objectView(object: unknown): ObjectView {
  const metadata = record(record(object)['metadata']);
  const namespace = text(metadata['namespace']);
  return {
    kind: text(record(object)['kind']),
    name: (namespace === '' ? '' : `${namespace}/`) + text(metadata['name']),
    conditions: conditionsOf(record(object), metadata['generation']),
    yaml: stringify(withoutBookkeeping(object), { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}

function conditionsOf(object: Record<string, unknown>, generation: unknown): ConditionView[] {
  const status = record(object['status']);
  const of = (part: string, holder: unknown): ConditionView[] =>
    list(record(holder)['conditions']).map((c) => {
      const condition = record(c);
      const observed = condition['observedGeneration'];
      return {
        of: part,
        type: text(condition['type']),
        status: text(condition['status']),
        reason: text(condition['reason']),
        message: text(condition['message']),
        stale: typeof observed === 'number' && typeof generation === 'number' && observed < generation,
      };
    });
  return [
    ...of('', status),
    ...list(status['listeners']).flatMap((l) => of(`listener ${text(record(l)['name'])}`, l)),
    ...list(status['parents']).flatMap((p) => of(`parent ${parentName(record(p)['parentRef'])}`, p)),
  ];
}

function parentName(parentRef: unknown): string {
  const { namespace, name, sectionName } = record(parentRef);
  return [namespace, name, sectionName].map(text).filter(Boolean).join('/');
}

function withoutBookkeeping(object: unknown): unknown {
  const { metadata, ...rest } = record(object);
  if (typeof metadata !== 'object') return object;
  const kept = { ...record(metadata) };
  delete kept['managedFields'];
  const { apiVersion, kind, ...body } = rest;
  return { apiVersion, kind, metadata: kept, ...body };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
