import { parseAllDocuments, stringify } from 'yaml';
import type { Run, ScenarioResult, TimelineEvent } from '../../harness/results/run.ts';
import { describePassRate } from '../../harness/results/pass-rate.ts';
import { formatClock } from '../figures/figures.ts';

/**
 * The files of a failure's repro bundle, by path: manifests that `kubectl apply -f` of the folder takes in the order of their names,
 * what was expected and seen, versions, evidence. Undefined of a pass.
 *
 * kubectl takes every .yaml and .json of a folder and none of the folders in it: evidence is in one, or has another ending.
 */
export function bundleFiles(run: Run, scenario: ScenarioResult): Map<string, string> | undefined {
  const { repro, evidence, comparisons = [] } = scenario;
  if (repro === undefined || scenario.verdict === 'pass') return undefined;
  const httpRoute = comparisons.find(({ manifest }) => manifest !== undefined)?.manifest;
  return new Map([
    ['README.md', readme(run, scenario)],
    ...manifestFiles(repro.manifest),
    ...Object.entries(repro.files ?? {}).map(([name, text]): [string, string] => [plainName(name), text]),
    ['versions.txt', versions(run)],
    ['evidence/objects.yaml', evidence.objects.map((object) => stringify(object)).join('---\n')],
    ['evidence/calls.json', `${JSON.stringify(callsOf(scenario), null, 1)}\n`],
    ['evidence/timeline.txt', scenario.timeline.map(timelineLine).join('')],
    [
      'evidence/logs.txt',
      evidence.logs.map(({ source, lines }) => `== ${source}\n${lines.join('\n')}\n`).join('\n'),
    ],
    ...(httpRoute === undefined ? [] : ([['evidence/as-http-route.yaml', httpRoute]] as const)),
  ]);
}

interface Named {
  kind?: unknown;
  metadata?: { name?: unknown };
}

/** One file for all namespaces, one for each other object, numbered in the order in which they were applied. */
function manifestFiles(manifest: string): [string, string][] {
  const objects = parseAllDocuments(manifest).map((document) => document.toJS() as Named | null);
  const isNamespace = (object: Named | null): boolean => object?.kind === 'Namespace';
  const namespaces = objects.filter(isNamespace);
  const others = objects.filter((object) => object !== null && !isNamespace(object));
  const width = Math.max(2, String(others.length).length);
  return [
    ...(namespaces.length === 0
      ? []
      : [[`${'0'.repeat(width)}-namespaces.yaml`, documents(namespaces)] as [string, string]]),
    ...others.map((object, index): [string, string] => {
      const name = `${String(object?.kind)}-${String(object?.metadata?.name)}`.toLowerCase();
      return [`${String(index + 1).padStart(width, '0')}-${plainName(name)}.yaml`, documents([object])];
    }),
  ];
}

function documents(objects: unknown[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}

/** File systems take 255 bytes, temporary names and endings among them; an object's name alone may have 253. */
const longestName = 120;

/** A file name, whatever stands in a run file. */
function plainName(name: string): string {
  return name
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, longestName);
}

function readme(run: Run, scenario: ScenarioResult): string {
  const { id, title, verdict, layer = '?', expected = '?', seen = '?', clauses, repro, rerun } = scenario;
  const [again = '', ...more] = repro?.commands ?? [];
  const beside = [
    ...(scenario.comparisons ?? []).map(({ text }) => text),
    ...(scenario.unreadyPods ?? []),
    ...(rerun === undefined || rerun.runs === 0 ? [] : [`run again alone, it ${describePassRate(rerun)}`]),
  ];
  return [
    `# ${id}: ${title}`,
    `**${verdict} at layer ${layer}**: expected ${expected}; seen: ${seen}`,
    ...(beside.length === 0 ? [] : [beside.map((line) => `- ${line}`).join('\n')]),
    `It stands for ${clauses.map((clause) => `\`${clause}\``).join(', ')} (\`routeproof explain CLAUSE\` says what that is). ${run.implementation.name} ${run.implementation.version}, ${run.startedAt}.`,
    '## See it again',
    'Only this scenario, on a cluster that stays, with all it applied (run it from the checkout):',
    shell([again]),
    'By hand, on that cluster, from the checkout’s root; BUNDLE is this folder:',
    shell([
      repro?.apply ?? 'routeproof exec -- kubectl apply -f BUNDLE',
      ...more.map((command) => fromBundle(command, repro?.files)),
    ]),
    'The manifests are as they were applied, namespaces first. They name the addresses of that run: an EndpointSlice those of the echo pods in routeproof-base (`kubectl get pods -n routeproof-base -o wide`), the command above that of the Gateway (`kubectl get gateways -A`). Where a new cluster gave others, put those. Keys in Secrets were made for this scenario alone.',
    '## What is here',
    '- `*.yaml`: the manifests\n- `versions.txt`: what took part\n- `evidence/`: objects with their status before clean-up, both ends of the calls, timeline, log lines',
    '',
  ].join('\n\n');
}

/** The command with its files where the bundle has them. */
function fromBundle(command: string, files: Record<string, string> = {}): string {
  const words = command.split(' ');
  return words.map((word) => (Object.hasOwn(files, word) ? `BUNDLE/${word}` : word)).join(' ');
}

function shell(lines: string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}

function versions({ versions: known, cluster, gatewayApi, implementation }: Run): string {
  const lines = {
    [`implementation ${implementation.name}`]: implementation.version,
    gatewayApi: `${gatewayApi.version} (${gatewayApi.channel} channel)`,
    kubernetes: cluster.kubernetesVersion,
    ...Object.fromEntries(Object.entries(known).filter(([name]) => name !== 'gatewayApi')),
  };
  return Object.entries(lines)
    .map(([name, version]) => `${name}: ${version}\n`)
    .join('');
}

function callsOf({ evidence, comparisons = [] }: ScenarioResult): unknown {
  return { calls: evidence.calls, comparisons };
}

function timelineLine({ atMs, untilMs, kind, object, text, ok, count }: TimelineEvent): string {
  const time = untilMs === undefined ? formatClock(atMs) : `${formatClock(atMs)} - ${formatClock(untilMs)}`;
  const mark = ok === undefined ? ' ' : ok ? '+' : '!';
  const times = count === undefined || count === 1 ? '' : ` x${String(count)}`;
  return `${time.padStart(18)} ${mark} ${kind.padEnd(6)} ${object === undefined ? '' : `${object}: `}${text}${times}\n`;
}
