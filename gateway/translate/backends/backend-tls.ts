import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import { keyOf, objectKey } from '../../../common/object-key.ts';
import type { IrBackendTls } from '../../ir/ir.ts';
import { systemCas } from './ca-certificates.ts';
import type { CaReader } from './ca-certificates.ts';
import { compareText } from '../memory/compare-text.ts';
import type { BackendTlsPolicy, ConfigMap, Service } from '../model/gateway-api.ts';
import { deepEqual, timeOf } from '../memory/memo.ts';
import { summarise } from '../model/problems.ts';
import type { Problem } from '../model/problems.ts';

/** PolicyStatus.ancestors holds no more. */
export const mostAncestors = 16;

/** A BackendTLSPolicy judged on its own and beside the others of its namespace; nothing about routes or Gateways. */
export interface JudgedPolicy {
  key: string;
  targets: PolicyTarget[];
  notAccepted?: Problem;
  notResolved?: Problem;
  /** Worth saying beside Accepted=True. */
  warning?: string;
  /** Undefined: no connection that meets the policy can be made. */
  tls?: BackendTls;
  /** Why `tls` is undefined. */
  unmet?: string;
}

export interface PolicyTarget {
  /** namespace/name. */
  serviceKey: string;
  /** Name of the one port that it is for; undefined: all. */
  port?: string;
  /** Why it applies to no port. */
  problem?: Problem;
}

export interface BackendTls {
  settings: IrBackendTls;
  /** Of the settings. */
  digest: string;
}

/** The policies as one snapshot; a new instance means that something in them has changed. */
export class BackendTlsPolicies {
  readonly judged: readonly JudgedPolicy[];
  readonly #byService = new Map<string, JudgedPolicy[]>();
  readonly #winners = new Map<string, JudgedPolicy>();

  /** @param judged - in order of precedence */
  constructor(judged: readonly JudgedPolicy[]) {
    this.judged = judged;
    for (const policy of judged) {
      for (const { serviceKey, port, problem } of policy.targets) {
        const group = this.#byService.get(serviceKey) ?? [];
        if (!group.includes(policy)) this.#byService.set(serviceKey, [...group, policy]);
        const claim = claimOf(serviceKey, port);
        if (problem === undefined && !this.#winners.has(claim)) this.#winners.set(claim, policy);
      }
    }
  }

  /** Every policy that names the Service, whatever came of it. */
  naming(serviceKey: string): readonly JudgedPolicy[] {
    return this.#byService.get(serviceKey) ?? [];
  }

  /** The one in force on a port: its own, else that of the whole Service. An unmet one stays in force. */
  on(serviceKey: string, portName: string): JudgedPolicy | undefined {
    if (this.#winners.size === 0) return undefined;
    const own = portName === '' ? undefined : this.#winners.get(claimOf(serviceKey, portName));
    return own ?? this.#winners.get(claimOf(serviceKey, undefined));
  }
}

export interface PolicyInput {
  policies: readonly BackendTlsPolicy[];
  services: ReadonlyMap<string, Service>;
  configMaps: ReadonlyMap<string, ConfigMap>;
  cas: CaReader;
  controllerName: string;
}

/** Every object that the judgement looks into: while they are the same, so is the judgement. */
export function dependenciesOf({ policies, services, configMaps }: PolicyInput): unknown[] {
  return policies.flatMap((policy) => {
    const inNamespace = ({ name }: { name: string }): string => objectKey(policy.metadata.namespace, name);
    const { targetRefs, validation } = policy.spec;
    return [
      policy,
      ...targetRefs.map((ref) => services.get(inNamespace(ref))),
      ...(validation.caCertificateRefs ?? []).map((ref) => configMaps.get(inNamespace(ref))),
    ];
  });
}

/** Judges every policy; those that come out as before keep their identity. */
export function judgePolicies(input: PolicyInput, previous?: BackendTlsPolicies): BackendTlsPolicies {
  const known = new Map(previous?.judged.map((policy) => [policy.key, policy]));
  const holders = new Map<string, string>();
  const judged = [...input.policies].sort(byPrecedence).map((policy) => {
    const next = judge(policy, holders, input);
    const before = known.get(next.key);
    return before !== undefined && deepEqual(before, next) ? before : next;
  });
  const same =
    previous?.judged.length === judged.length && judged.every((policy, at) => policy === previous.judged[at]);
  return same ? previous : new BackendTlsPolicies(judged);
}

/** BackendTLSPolicySpec.targetRefs: the older one, then the first by namespace/name. */
function byPrecedence(left: BackendTlsPolicy, right: BackendTlsPolicy): number {
  const [a, b] = [left, right].map(({ metadata }) => timeOf(metadata.creationTimestamp));
  return (a ?? 0) - (b ?? 0) || compareText(keyOf(left), keyOf(right));
}

function claimOf(serviceKey: string, port: string | undefined): string {
  return `${serviceKey} ${port ?? ''}`;
}

/** @param holders - who has claimed what so far; policies come in order of precedence */
function judge(policy: BackendTlsPolicy, holders: Map<string, string>, input: PolicyInput): JudgedPolicy {
  const key = keyOf(policy);
  const namespace = policy.metadata.namespace ?? '';
  const { targetRefs, validation } = policy.spec;
  const targets = targetRefs
    .filter(({ group, kind }) => group === '' && kind === 'Service')
    .map(({ name, sectionName }) => targetOf(objectKey(namespace, name), sectionName, input.services));
  const refs = validation.caCertificateRefs ?? [];
  const trusted =
    refs.length > 0
      ? input.cas.read(namespace, refs, input.configMaps)
      : { ...(validation.wellKnownCACertificates === 'System' && { caPem: systemCas() }), problems: [] };
  const notAccepted =
    conflictOf(key, targets, holders) ??
    severalTargets(policy) ??
    targets.find(({ problem }) => problem !== undefined)?.problem ??
    invalidValidation(validation) ??
    withoutCa(trusted.caPem, trusted.problems);
  const notResolved = lostTarget(targets) ?? summarise(trusted.problems);
  const settings = trusted.caPem === undefined ? undefined : settingsOf(validation, trusted.caPem);
  const unmet = notAccepted?.message ?? fullStatus(policy, input.controllerName);
  const warning = udpWarning(targets, input.services);
  return {
    key,
    targets,
    ...(notAccepted && { notAccepted }),
    ...(notResolved && { notResolved }),
    ...(warning !== undefined && { warning }),
    ...(unmet === undefined && settings !== undefined
      ? { tls: { settings, digest: hash('sha256', JSON.stringify(settings), 'hex').slice(0, 12) } }
      : { unmet: unmet ?? '' }),
  };
}

function targetOf(
  serviceKey: string,
  port: string | undefined,
  services: ReadonlyMap<string, Service>,
): PolicyTarget {
  const target: PolicyTarget = { serviceKey, ...(port !== undefined && port !== '' && { port }) };
  const service = services.get(serviceKey);
  if (service === undefined) {
    return { ...target, problem: notFound(`Service ${serviceKey} does not exist`) };
  }
  const ports = service.spec?.ports ?? [];
  const named = target.port === undefined ? ports : ports.filter(({ name }) => name === target.port);
  if (named.length === 0) {
    return { ...target, problem: notFound(`Service ${serviceKey} has no port named ${port ?? ''}`) };
  }
  if (named.some(isTcp)) return target;
  const message = `Service ${serviceKey} speaks no TCP on the port, and a BackendTLSPolicy is for TCP only`;
  return { ...target, problem: { reason: 'Invalid', message } };
}

function isTcp({ protocol = 'TCP' }: { protocol?: string }): boolean {
  return protocol === 'TCP';
}

function notFound(message: string): Problem {
  return { reason: 'TargetNotFound', message };
}

function conflictOf(
  key: string,
  targets: readonly PolicyTarget[],
  holders: Map<string, string>,
): Problem | undefined {
  let conflict: Problem | undefined;
  for (const { serviceKey, port } of targets) {
    const claim = claimOf(serviceKey, port);
    const holder = holders.get(claim);
    if (holder === undefined) holders.set(claim, key);
    else {
      const what = port === undefined ? `Service ${serviceKey}` : `port ${port} of Service ${serviceKey}`;
      const message = `BackendTLSPolicy ${holder} targets ${what} too and comes first (older, or first by namespace/name)`;
      conflict ??= { reason: 'Conflicted', message };
    }
  }
  return conflict;
}

/** "Implementations SHOULD NOT support more than one targetRef at this time." */
function severalTargets({ spec }: BackendTlsPolicy): Problem | undefined {
  if (spec.targetRefs.length < 2) return undefined;
  return { reason: 'Invalid', message: 'more than one targetRef is not supported' };
}

function invalidValidation({
  hostname,
  caCertificateRefs = [],
  wellKnownCACertificates = '',
}: BackendTlsPolicy['spec']['validation']): Problem | undefined {
  if (isIP(hostname) > 0) {
    return { reason: 'Invalid', message: `validation.hostname: ${hostname} is an IP address` };
  }
  if (caCertificateRefs.length > 0 || wellKnownCACertificates === 'System') return undefined;
  const message = `validation.wellKnownCACertificates: "${wellKnownCACertificates}" is not supported, only System`;
  return { reason: 'Invalid', message };
}

function withoutCa(caPem: string | undefined, problems: readonly Problem[]): Problem | undefined {
  const all = summarise(problems);
  return caPem !== undefined || all === undefined ? undefined : { ...all, reason: 'NoValidCACertificate' };
}

function lostTarget(targets: readonly PolicyTarget[]): Problem | undefined {
  return targets.find(({ problem }) => problem?.reason === 'TargetNotFound')?.problem;
}

/** PolicyStatus.ancestors: where there is no room for an entry of ours, the policy is unimplementable. */
function fullStatus({ status }: BackendTlsPolicy, controllerName: string): string | undefined {
  const foreign = (status?.ancestors ?? []).filter((entry) => entry.controllerName !== controllerName);
  return foreign.length < mostAncestors
    ? undefined
    : `status.ancestors is full: ${mostAncestors} entries of other controllers`;
}

function udpWarning(
  targets: readonly PolicyTarget[],
  services: ReadonlyMap<string, Service>,
): string | undefined {
  const others = targets.flatMap(({ serviceKey, port }) =>
    port === undefined ? (services.get(serviceKey)?.spec?.ports ?? []).filter((each) => !isTcp(each)) : [],
  );
  if (others.length === 0) return undefined;
  return `it has no effect on ports that do not speak TCP: ${others.map((each) => each.name ?? each.port).join(', ')}`;
}

function settingsOf(
  { hostname, subjectAltNames = [] }: BackendTlsPolicy['spec']['validation'],
  caPem: string,
): IrBackendTls {
  const names = subjectAltNames.map(({ type, hostname: dns = '', uri = '' }) =>
    type === 'URI' ? { type: 'uri' as const, value: uri } : { type: 'dns' as const, value: dns },
  );
  return {
    serverName: hostname,
    caPem,
    subjectAltNames: names.length > 0 ? names : [{ type: 'dns', value: hostname }],
  };
}
