import type { LoadResult } from '../../harness/results/load.ts';
import type { CallRecord, Layer } from '../../harness/results/run.ts';
import type { Repetition, Run, ScenarioResult, TimelineEvent, Verdict } from '../../harness/results/run.ts';
import { exampleLoad, invalidLoad } from './example-load.fixture.ts';
import { clauseStates, countVerdicts } from '../wording/verdicts.ts';

const suites: Record<string, string[]> = {
  hostname: [
    'exact',
    'wildcard-one-label',
    'wildcard-many-labels',
    'case-insensitive',
    'no-intersection',
    'empty',
  ],
  header: ['exact', 'regular-expression', 'several-all-must-match', 'name-case-insensitive', 'binary'],
  method: ['exact', 'service-only', 'method-only', 'regular-expression', 'unmatched-is-unimplemented'],
  reflection: ['v1-through-gateway', 'v1alpha-through-gateway', 'no-route'],
  'cross-namespace': [
    'grant-allows',
    'no-grant',
    'grant-removed',
    'grant-other-kind',
    'gateway-in-other-namespace',
  ],
  precedence: ['longest-service', 'more-headers', 'oldest-route', 'first-rule'],
  weight: ['ninety-ten', 'zero', 'all-zero'],
  filter: ['request-header-set', 'request-header-add', 'request-header-remove', 'response-header', 'mirror'],
  backend: ['missing-is-unavailable', 'no-endpoints', 'wrong-kind', 'recovers'],
  status: ['accepted', 'observed-generation', 'resolved-refs', 'attached-routes', 'two-parents'],
  listener: ['port-conflict', 'allowed-routes-same', 'allowed-routes-selector', 'isolation'],
  tls: ['alpn-h2', 'sni', 'several-certificates', 'invalid-certificate-ref'],
  gateway: ['programmed', 'address', 'class-by-other-name'],
  streaming: ['server', 'client', 'bidi', 'trailers-and-details', 'survives-route-change'],
  guides: ['echo-v1', 'echo-v2-by-header', 'default-rule-reaches-both', 'greeter'],
};

interface Fault {
  verdict: Verdict;
  layer?: Layer;
  expected?: string;
  seen: string;
}

/** One of each verdict and several layers, as a gateway with faults would earn them. */
const faults: Record<string, Fault> = {
  'header/several-all-must-match': {
    verdict: 'wrong',
    layer: 'routed',
    expected: 'status UNIMPLEMENTED, no backend',
    seen: 'status OK from backend v2: a call with only one of the two headers was routed',
  },
  'cross-namespace/no-grant': {
    verdict: 'wrong',
    layer: 'status',
    expected: 'ResolvedRefs=False reason RefNotPermitted at generation 1',
    seen: 'ResolvedRefs=True reason ResolvedRefs at generation 1',
  },
  'streaming/trailers-and-details': {
    verdict: 'wrong',
    layer: 'trailers',
    expected: 'trailer x-größe = „äöü✓“ and grpc-status-details-bin of 43 bytes',
    seen: 'grpc-status-details-bin was absent',
  },
  'filter/mirror': {
    verdict: 'unstable',
    layer: 'backend',
    expected: 'each of 20 calls also reaches the mirror',
    seen: '17 of 20 calls reached the mirror',
  },
  'backend/recovers': {
    verdict: 'slow',
    layer: 'backend',
    expected: 'status OK within 5,000 ms of the endpoints being ready',
    seen: 'status OK after 7,412 ms',
  },
  'tls/several-certificates': {
    verdict: 'setup-failed',
    layer: 'programmed',
    expected: 'Gateway Programmed=True with an address',
    seen: 'Pod routeproof-x7/gw-multi: ImagePullBackOff, no local mapping in clusters/local/images.yaml',
  },
  'listener/isolation': {
    verdict: 'not-run',
    layer: 'apply',
    expected: 'feature GatewayHTTPListenerIsolation',
    seen: 'the implementation does not claim GatewayHTTPListenerIsolation',
  },
};

/** A run with every verdict, both ends of calls, non-Latin text, metadata of 8 KiB, and a valid and an invalid benchmark. */
export function exampleRun(): Run {
  return runOf(allScenarios(faults), [exampleLoad(), invalidLoad()]);
}

/** The same scenarios, all passed. */
export function passingRun(): Run {
  return runOf(allScenarios({}), [exampleLoad()]);
}

/** Everything run several times, with one scenario whose last run was wrong. */
export function repeatedRun(repeat: number): Run {
  const scenarios = allScenarios({}).map((scenario): ScenarioResult => {
    const repeats: Repetition[] = Array.from({ length: repeat }, () => ({
      verdict: 'pass',
      durationMs: 700,
    }));
    if (scenario.id !== 'header/exact') return { ...scenario, repeats };
    const last = { verdict: 'wrong', layer: 'routed', seen: 'status OK from backend v2' } as const;
    return {
      ...scenario,
      ...last,
      verdict: 'unstable',
      expected: 'status OK from backend v1',
      repeats: repeats.with(-1, { ...last, durationMs: 900 }),
    };
  });
  return { ...runOf(scenarios, []), repeat };
}

/** At least `count` scenarios, each with evidence. */
export function largeRun(count: number): Run {
  const base = exampleRun().scenarios;
  const scenarios = Array.from({ length: count }, (_, i) => {
    const scenario = base[i % base.length] as ScenarioResult;
    return { ...scenario, id: `${scenario.id}-${i}`, startedMs: i * 3 };
  });
  return runOf(scenarios, [exampleLoad()]);
}

/** What a hostile backend, certificate or manifest could put into any string that the report shows. */
export const injection =
  '</script><img src=x onerror="window.injected=1"><!--<script>window.injected=1</script>\u2028\u0000&amp;]]>\ud800|`*_[x](javascript:alert(1))\n# \u202eevil';

/** Every free string of the run, keys of free maps included, replaced by an injection attempt. */
export function hostileRun(): Run {
  const run = exampleRun();
  const fixed = new Set([
    'verdict',
    'verdicts',
    'layer',
    'support',
    'kind',
    'command',
    'startedAt',
    'with',
    'role',
    'side',
    'unit',
    'sizeOf',
    'better',
  ]);
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === 'string')
      return fixed.has(key) || ['direct', 'floor', 'gateway'].includes(value)
        ? value
        : `${value} ${injection}`;
    if (Array.isArray(value)) return value.map((item) => poison(item, key));
    if (typeof value !== 'object' || value === null) return value;
    const free = key === 'versions' || key === 'annotations' || key === 'labels';
    return Object.fromEntries(
      Object.entries(value).map(([k, v]) => [free ? `${k}${injection}` : k, poison(v, k)]),
    );
  };
  return { ...(poison(run, '') as Run), aborted: `lost ${injection}` };
}

function runOf(scenarios: ScenarioResult[], load: LoadResult[]): Run {
  const states = [...clauseStates(scenarios).values()];
  return {
    schemaVersion: 1,
    command: 'conformance',
    startedAt: '2026-11-22T09:30:12.418Z',
    durationMs: 47_812,
    implementation: {
      name: 'routeproof/gateway',
      version: '0.1.0',
      controllerName: 'routeproof.dev/gateway-controller',
      gatewayClass: 'routeproof',
      supportedFeatures: ['Gateway', 'GRPCRoute', 'ReferenceGrant', 'GRPCRouteNamedRouteRule'],
    },
    cluster: {
      provider: 'local',
      name: 'rp-7f3a',
      kubernetesVersion: 'v1.36.3',
      cpus: 2,
      cpuModel: 'Example CPU @ 2.80GHz',
      memoryBytes: 25_769_803_776,
      upMs: 4210,
    },
    versions: { routeproof: '0.1.0', envoy: '1.40.0', k6: '1.8.1', node: '24.21.0', grpcurl: '1.9.4' },
    gatewayApi: { version: 'v1.6.3', channel: 'standard' },
    profile: 'standard',
    scenarios,
    load,
    totals: {
      ...countVerdicts(scenarios),
      scenarios: scenarios.length,
      clausesProven: states.filter((s) => s === 'proven').length,
      clausesFailed: states.filter((s) => s === 'failed').length,
    },
  };
}

function allScenarios(faulty: Record<string, Fault>): ScenarioResult[] {
  return Object.entries(suites).flatMap(([suite, names], row) =>
    names.map((name, column) => scenario(suite, name, row * 331 + column * 97, faulty[`${suite}/${name}`])),
  );
}

function scenario(suite: string, name: string, startedMs: number, fault: Fault | undefined): ScenarioResult {
  const id = `${suite}/${name}`;
  const words = name.replaceAll('-', ' ');
  const run = fault?.verdict !== 'not-run';
  return {
    id,
    suite,
    title: `A GRPCRoute with ${suite} rules keeps its word: ${words}`,
    support:
      name === 'isolation' || name === 'mirror' ? 'extended' : suite === 'guides' ? 'informational' : 'core',
    features:
      name === 'isolation'
        ? ['GatewayHTTPListenerIsolation']
        : name === 'mirror'
          ? ['GRPCRouteNamedRouteRule']
          : [],
    clauses: [`${suite}-${name}`, ...(name === 'exact' ? [`${suite}-default-type-exact`] : [])],
    startedMs,
    durationMs: run ? 640 + ((startedMs * 7) % 900) : 0,
    ...(fault ?? { verdict: 'pass' }),
    ...(run ? { repro: repro(suite, name) } : {}),
    timeline: run ? timeline(name, fault) : [],
    evidence: {
      objects: run ? [route(suite, name, fault), gatewayObject(fault)] : [],
      calls: run && fault?.verdict !== 'setup-failed' ? [refusedCall(), call(name, fault)] : [],
      logs: run ? [{ source: 'routeproof-base/shared-6c9 (envoy)', lines: logLines() }] : [],
    },
    ...(id === 'header/several-all-must-match' ? explained(name) : {}),
    notes:
      id === 'guides/default-rule-reaches-both'
        ? ['The guide’s Service selects app: grpc-echo only, so v2’s pods match too.']
        : [],
  };
}

function timeline(name: string, fault: Fault | undefined): TimelineEvent[] {
  const bad = fault !== undefined;
  return [
    {
      atMs: 0,
      kind: 'apply',
      object: `GRPCRoute routeproof-x7/${name}`,
      text: 'created, generation 1',
      ok: true,
    },
    {
      atMs: 12,
      kind: 'event',
      object: 'Gateway routeproof-base/shared',
      text: 'Normal Synced: sent to proxy',
    },
    {
      atMs: 31,
      kind: 'status',
      object: `GRPCRoute routeproof-x7/${name}`,
      text: 'Accepted: Unknown → True (Accepted), observedGeneration 1',
      ok: true,
    },
    {
      atMs: 33,
      kind: 'status',
      object: `GRPCRoute routeproof-x7/${name}`,
      text: 'ResolvedRefs: Unknown → True (ResolvedRefs)',
      ok: fault?.layer !== 'status',
    },
    { atMs: 40, kind: 'step', text: 'probing until the new route answers' },
    {
      atMs: 42,
      kind: 'probe',
      object: '10.97.0.1:80',
      text: 'UNIMPLEMENTED',
      ok: false,
      count: 6,
      untilMs: 180,
    },
    {
      atMs: 205,
      kind: 'probe',
      object: '10.97.0.1:80',
      text: bad ? 'OK from v2' : 'OK from v1',
      ok: !bad,
      count: 3,
      untilMs: 330,
    },
    { atMs: 340, kind: 'check', text: fault?.expected ?? 'status OK from backend v1', ok: !bad },
    { atMs: bad ? 600 : 420, kind: 'step', text: 'evidence kept' },
  ];
}

function call(name: string, fault: Fault | undefined): CallRecord {
  const sent: [string, string][] = [
    ['x-routeproof-nonce', 'x7f3a91c'],
    ['x-version', 'v2'],
    ['x-größe', 'Grüße, 世界 — مرحبا'],
    ['x-huge', '0123456789abcdef'.repeat(512)],
    ['token-bin', 'AAECAwQ='],
  ];
  return {
    atMs: 205,
    target: '10.97.0.1:80',
    tls: false,
    authority: `${name}.x7f3a91c.example.com`,
    method: 'routeproof.v1.Probe/Unary',
    durationMs: 1.83,
    grpcStatus: 0,
    grpcStatusName: 'OK',
    grpcMessage: '',
    requestMetadata: sent,
    responseHeaders: [
      ['content-type', 'application/grpc'],
      ['server', 'envoy'],
      ['x-envoy-upstream-service-time', '1'],
    ],
    responseTrailers: [
      ['grpc-status', '0'],
      ['x-trailer', 'end'],
    ],
    ...(fault?.verdict === 'wrong' ? { role: 'failed' } : {}),
    backend: {
      name: fault === undefined ? 'v1' : 'v2',
      pod: 'routeproof-base/echo-1-5d8f7c',
      authority: `${name}.x7f3a91c.example.com`,
      method: 'routeproof.v1.Probe/Unary',
      metadata: [
        ...sent.slice(0, 1),
        ['x-version', 'v1'],
        ...sent.slice(2, 4),
        ['x-forwarded-proto', 'http'],
        ['x-request-id', '4be1c0de-77aa'],
      ],
      peer: '10.244.0.7:41522',
      tls: false,
    },
  };
}

/** What a failure has beside its verdict. */
function explained(name: string): Partial<ScenarioResult> {
  return {
    rerun: {
      runs: 5,
      passed: 1,
      low: 0.0362,
      high: 0.6245,
      verdicts: ['wrong', 'wrong', 'pass', 'wrong', 'wrong'],
      limitsShare: 0.25,
    },
    unreadyPods: [
      'pod rp-shop/edge-proxy-1 is Pending',
      '  event: 0/1 nodes are available: 1 Too many pods.',
    ],
    comparisons: [
      {
        with: 'backend',
        text: 'straight to v1, without the gateway: OK (0) from v1, as expected: the backend is right',
        ok: true,
        call: { ...call(name, undefined), target: '10.244.0.7:9000 (v1, without the gateway)' },
      },
      {
        with: 'http-route',
        text: 'the same rule as HTTPRoute: OK (0) from v1, as expected in 10 of 10 calls: only the GRPCRoute goes wrong',
        ok: true,
        manifest: 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n',
      },
    ],
  };
}

function refusedCall(): CallRecord {
  return {
    atMs: 42,
    target: '10.97.0.1:80',
    tls: false,
    authority: 'other.x7f3a91c.example.com',
    method: 'routeproof.v1.Probe/Unary',
    durationMs: 0.9,
    grpcStatus: null,
    grpcStatusName: 'none',
    grpcMessage: '',
    requestMetadata: [['x-routeproof-nonce', 'x7f3a91c']],
    responseHeaders: [],
    responseTrailers: [],
    error: 'connect ECONNREFUSED 10.97.0.1:80',
  };
}

function repro(suite: string, name: string): { manifest: string; commands: string[] } {
  return {
    manifest: `apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata:
  name: ${name}
spec:
  parentRefs: [{ name: shared, namespace: routeproof-base }]
  hostnames: ["${suite}.example.com"] # moved under the nonce
  rules:
    - matches:
        - headers:
            - { type: Exact, name: x-version, value: v2 }
      backendRefs: [{ name: v1, port: 9000 }]
`,
    commands: [
      `kubectl apply -f ${name}.yaml`,
      `grpcurl -plaintext -authority ${suite}.example.com -H 'x-version: v2' 10.97.0.1:80 routeproof.v1.Probe/Unary`,
    ],
  };
}

function route(suite: string, name: string, fault: Fault | undefined): unknown {
  const condition = { observedGeneration: 1, lastTransitionTime: '2026-11-22T09:30:13Z' };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: {
      name,
      namespace: 'routeproof-x7',
      generation: fault?.layer === 'status' ? 2 : 1,
      annotations: { note: 'Ümläut: "quoted"' },
    },
    spec: {
      parentRefs: [{ name: 'shared', namespace: 'routeproof-base' }],
      hostnames: [`${suite}.x7f3a91c.example.com`],
      rules: [{ backendRefs: [{ name: 'v1', port: 9000, weight: 1 }] }],
    },
    status: {
      parents: [
        {
          controllerName: 'routeproof.dev/gateway-controller',
          parentRef: { name: 'shared', namespace: 'routeproof-base' },
          conditions: [
            { type: 'Accepted', status: 'True', reason: 'Accepted', message: '', ...condition },
            {
              type: 'ResolvedRefs',
              status: fault === undefined ? 'True' : 'False',
              reason: 'BackendNotFound',
              message: 'Service v1 was not found',
              ...condition,
            },
          ],
        },
      ],
    },
  };
}

function gatewayObject(fault: Fault | undefined): unknown {
  const status = fault?.layer === 'programmed' ? 'False' : 'True';
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'shared', namespace: 'routeproof-base', generation: 1 },
    spec: { gatewayClassName: 'routeproof', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    status: {
      addresses: [{ type: 'IPAddress', value: '10.97.0.1' }],
      conditions: [{ type: 'Programmed', status, reason: 'Programmed', observedGeneration: 1, message: '' }],
      listeners: [
        {
          name: 'http',
          attachedRoutes: 1,
          conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted', observedGeneration: 1 }],
        },
      ],
    },
  };
}

function logLines(): string[] {
  return Array.from(
    { length: 12 },
    (_, i) =>
      `[2026-11-22 09:30:13.${String(100 + i * 31)}][info] :authority=x7.example.com grpc=0 upstream=10.244.0.7:9000`,
  );
}
