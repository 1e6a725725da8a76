import type { Pod } from '../../../api/types.ts';
import { metaOf } from '../../../api/types.ts';
import { networkPlan } from '../../../network/network-plan.ts';

/** What the node knows that pods' network files are made of. */
export interface NameSources {
  /** Address of the cluster's name server; undefined where it has none. */
  clusterDns: string | undefined;
  /** The machine's own files; empty where it has none. */
  hostResolvConf: string;
  hostHosts: string;
}

interface Resolver {
  nameservers: string[];
  searches: string[];
  options: string[];
}

/**
 * A container's /etc/resolv.conf as a kubelet writes it, by the pod's dnsPolicy and dnsConfig. The machine's search domains are left out:
 * what a pod asks for is to be the same on every machine. A ClusterFirst pod of a cluster without a name server gets none, where a
 * kubelet would give it the machine's: those cannot be reached from the cluster's network, and a look-up is to fail at once.
 *
 * @returns undefined where there is nothing to write
 */
export function resolvConf(pod: Pod, { clusterDns, hostResolvConf }: NameSources): string | undefined {
  const resolver = resolverOf(pod, clusterDns, hostResolvConf);
  const { nameservers = [], searches = [], options = [] } = pod.spec?.dnsConfig ?? {};
  const text = linesOf({
    nameservers: unique([...resolver.nameservers, ...nameservers]),
    searches: unique([...resolver.searches, ...searches]),
    options: mergeOptions(resolver.options, options.map(optionText)),
  });
  return text === '' ? undefined : text;
}

function resolverOf(pod: Pod, clusterDns: string | undefined, hostResolvConf: string): Resolver {
  const { dnsPolicy = 'ClusterFirst', hostNetwork = false } = pod.spec ?? {};
  const isOfHost = dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && hostNetwork);
  if (isOfHost) return parseResolvConf(hostResolvConf);
  if (dnsPolicy === 'None' || clusterDns === undefined) return { nameservers: [], searches: [], options: [] };
  const services = `svc.${networkPlan.clusterDomain}`;
  return {
    nameservers: [clusterDns],
    searches: [`${metaOf(pod).namespace}.${services}`, services, networkPlan.clusterDomain],
    options: ['ndots:5'],
  };
}

function parseResolvConf(text: string): Resolver {
  const resolver: Resolver = { nameservers: [], searches: [], options: [] };
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver') resolver.nameservers.push(...words.slice(0, 1));
    // The last one counts.
    else if (keyword === 'search' || keyword === 'domain') resolver.searches = words;
    else if (keyword === 'options') resolver.options.push(...words);
  }
  return resolver;
}

function linesOf({ nameservers, searches, options }: Resolver): string {
  const lines = [
    ...(searches.length === 0 ? [] : [`search ${searches.join(' ')}`]),
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function optionText({ name = '', value }: { name?: string; value?: string }): string {
  return value === undefined || value === '' ? name : `${name}:${value}`;
}

/** Those of the pod replace others of the same name. */
function mergeOptions(options: string[], more: string[]): string[] {
  const nameOf = (option: string): string => option.split(':')[0] ?? '';
  const replaced = new Set(more.map(nameOf));
  return [...options.filter((option) => !replaced.has(nameOf(option))), ...more];
}

function unique(words: string[]): string[] {
  return [...new Set(words)];
}

const managedHosts = [
  '# Kubernetes-managed hosts file.',
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'fe00::\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
];

/** A container's /etc/hosts as a kubelet writes it: localhost, the pod itself, its hostAliases. */
export function hostsFile(pod: Pod, podIp: string, { hostHosts }: NameSources): string {
  const { hostNetwork = false, hostAliases = [] } = pod.spec ?? {};
  const aliases = hostAliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}`);
  const extra = aliases.length === 0 ? [] : ['', '# Entries added by HostAliases.', ...aliases];
  const own = hostNetwork ? hostHosts.trimEnd().split('\n') : [...managedHosts, podEntry(pod, podIp)];
  return `${[...own, ...extra].join('\n')}\n`;
}

function podEntry(pod: Pod, podIp: string): string {
  const { name, namespace } = metaOf(pod);
  const { hostname = name, subdomain } = pod.spec ?? {};
  if (subdomain === undefined || subdomain === '') return `${podIp}\t${hostname}`;
  const full = `${hostname}.${subdomain}.${namespace}.svc.${networkPlan.clusterDomain}`;
  return `${podIp}\t${full}\t${hostname}`;
}
