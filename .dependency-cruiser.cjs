/** Who may import whom; docs/architecture.md says why. Arrows: suites -> harness -> clusters -> common; cli wires. */
const rooms = [
  'suites',
  'harness',
  'clusters',
  'gateway',
  'echo-server',
  'reports',
  'common',
  'cli',
  'tools',
];
const allowed = {
  common: [],
  'echo-server': ['common'],
  gateway: ['common'],
  clusters: ['common'],
  harness: ['clusters', 'common'],
  suites: ['harness'],
  tools: ['common'],
};

/** Inside a room, from the ground up: a folder may import those before it only, so that it can be read without those after it. */
const floors = {
  harness: [
    ['kube', 'results', 'clauses'],
    ['manifests', 'wait', 'reach', 'proxies', 'lint'],
    ['rpc', 'profiles'],
    ['env', 'base'],
    ['crds', 'control-plane'],
    ['specs', 'install'],
    ['scenario', 'existing', 'implementations'],
    ['load', 'set-up'],
    ['official'],
    ['faults'],
    ['explain', 'mutants', 'run'],
    ['mocha'],
  ],
  'harness/scenario': [['core'], ['objects'], ['calls'], ['evidence']],
  'gateway/translate': [['memory'], ['model'], ['matches', 'backends'], ['filters', 'gateways'], ['routes']],
  clusters: [
    ['api', 'host', 'network'],
    ['load-balancer'],
    ['local', 'kubeconfig', 'node-container'],
    ['kind', 'k3s'],
  ],
  'clusters/local/node': [['sandbox', 'values', 'probes'], ['volumes'], ['container'], ['kubelet', 'pod']],
  reports: [
    ['figures', 'faults'],
    ['wording'],
    ['formats', 'regressions'],
    ['comparison', 'overlay'],
    ['page'],
  ],
  cli: [['output'], ['cluster'], ['load', 'official', 'faults'], ['compare', 'conformance'], ['commands']],
};
const forTests = '\\.(test|fixture|bench)\\.ts$|/testing/';

const floorRules = Object.entries(floors).flatMap(([room, levels]) =>
  levels.flatMap((level, index) =>
    level.map((folder) => {
      const below = levels.slice(0, index).flat();
      const others = levels.flat().filter((other) => other !== folder && !below.includes(other));
      return {
        name: `${room}/${folder}-imports`,
        comment: `Inside ${room}/, ${folder}/ may import ${below.length === 0 ? 'no other folder' : `only ${below.join(', ')}`}.`,
        severity: 'error',
        from: { path: `^${room}/${folder}/`, pathNot: forTests },
        to: { path: `^${room}/(${others.join('|')})/`, pathNot: forTests },
      };
    }),
  ),
);

/** A folder that nobody has given a floor. */
const withoutFloor = Object.entries(floors).map(([room, levels]) => ({
  name: `${room}-floors`,
  comment: `Each folder of ${room}/ that others import has a floor in this file.`,
  severity: 'error',
  from: {},
  to: { path: `^${room}/[^/]+/`, pathNot: `^${room}/(${levels.flat().join('|')}|testing|testdata)/` },
}));

const layerRules = Object.entries(allowed).map(([from, to]) => ({
  name: `${from}-imports`,
  comment: `${from}/ may import only ${[from, ...to].join(', ')}; code that needs more belongs in cli/, which wires everything.`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: `^(${rooms.filter((room) => room !== from && !to.includes(room)).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...floorRules,
    ...withoutFloor,
    {
      name: 'reports-see-only-results',
      comment:
        'A report is a pure function of run.json: reports/ may import harness/results and common only.',
      severity: 'error',
      from: { path: '^reports/' },
      to: { path: '^(suites|harness|clusters|gateway|echo-server|cli|tools)/', pathNot: '^harness/results/' },
    },
    {
      name: 'only-cli-wires',
      comment: 'Nothing imports cli/.',
      severity: 'error',
      from: { pathNot: '^cli/' },
      to: { path: '^cli/' },
    },
    {
      name: 'ir-is-neutral',
      comment: 'gateway/ir knows neither Kubernetes nor Envoy.',
      severity: 'error',
      from: { path: '^gateway/ir/' },
      to: { pathNot: '^gateway/ir/' },
    },
    {
      name: 'translate-knows-no-envoy',
      comment: 'translate/ is Kubernetes objects in, IR and status out; Envoy belongs to xds/ and ads/.',
      severity: 'error',
      from: { path: '^gateway/translate/' },
      to: { path: '^gateway/(xds|ads|dataplane|provider)/' },
    },
    {
      name: 'xds-knows-no-kubernetes',
      comment:
        'xds/ and ads/ are IR in, Envoy resources out; Kubernetes belongs to translate/ and provider/.',
      severity: 'error',
      from: { path: '^gateway/(xds|ads)/', pathNot: '\\.(test|bench|fixture)\\.ts$' },
      to: { path: '(^gateway/(translate|provider|dataplane)/|@kubernetes/client-node)' },
    },
    {
      name: 'faults-stay-apart',
      comment:
        'Planted faults are for commands that show what scenarios make of them: nothing else imports them.',
      severity: 'error',
      from: { pathNot: '^gateway/faults/|^cli/faults/' },
      to: { path: '^gateway/faults/' },
    },
    {
      name: 'no-fault-in-production',
      comment: 'The production image has no fault code, at whatever distance.',
      severity: 'error',
      from: { path: '^gateway/(main|start)\\.ts$' },
      to: { path: '^gateway/(faults|mutants)/', reachable: true },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle hides which of the two is the lower one, also where only a type closes it.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(node_modules|reports/out)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'default'],
    },
  },
};
