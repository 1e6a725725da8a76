import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../common/tools.ts';

const rooms = '{common,clusters,gateway,echo-server,harness,reports,cli,suites,tools}';
const sources = globSync([`${rooms}/**/*.ts`, 'tools/*.sh', 'bin/*'], {
  cwd: projectRoot,
  exclude: ['tools/*/node_modules/**'],
});

/** What is set by the system, a shell, CI, Kubernetes, and by this project for its own processes. */
const setByOthers = [
  ...['PATH', 'HOME', 'HOSTNAME', 'BASH_SOURCE'],
  ...['CI_COMMIT_SHA', 'GITHUB_OUTPUT', 'GITHUB_SHA', 'GITHUB_STEP_SUMMARY', 'RUNNER_TEMP'],
  ...['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'POD_IP', 'POD_NAME'],
  ...['FAULT', 'RECORD', 'ROUTEPROOF_CLUSTER', 'ROUTEPROOF_INSIDE', '__STRYKER_ACTIVE_MUTANT__'],
  // Of the official suite's image, which echo-server/echo-basic stands in for.
  ...['HTTPS_PORT', 'INGRESS_NAME', 'TCP_PORT', 'TLS_PORT'],
  ...['TLS_SERVER_CERT', 'TLS_SERVER_PRIVKEY', 'TLS_SERVER_PRIV_KEY'],
];

const textOf = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const isOfTests = (file: string): boolean => /\.(test|fixture|bench)\.ts$|\/testing\//.test(file);

/** The variables that a source reads, in the ways in which sources here do. */
function readIn(file: string): string[] {
  const text = textOf(file);
  if (!file.endsWith('.ts')) return namesIn(text, /\$\{?([A-Z][A-Z0-9_]+)/g);
  const destructured = namesIn(text, /\{([^{}]*)\} = process\.env/g).join();
  return [
    ...namesIn(text, /\benv(?:\[|\(|, )'([A-Z]\w*)'/g),
    ...namesIn(text, /[vV]ariable = '(\w+)'/g),
    ...namesIn(destructured, /\b([A-Z]\w+)/g),
  ];
}

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

/** The variables in the first column of a page's tables. */
function listedIn(page: string): string[] {
  const cells = namesIn(textOf(page), /^\| ([^|]+) \|/gm).join();
  return namesIn(cells, /`([A-Z][A-Z0-9_]+)`/g);
}

describe('docs/environment.md', () => {
  const listed = listedIn('docs/environment.md');

  it('lists each variable that a user may set; those of the echo server are in its own page', () => {
    const known = new Set([...listed, ...setByOthers]);
    const ofEcho = new Set([
      ...namesIn(textOf('echo-server/README.md'), /`([A-Z][A-Z0-9_]+)/g),
      ...setByOthers,
    ]);
    const missing = sources
      .filter((file) => !isOfTests(file))
      .flatMap((file) => {
        const there = file.startsWith('echo-server/') ? ofEcho : known;
        return readIn(file)
          .filter((name) => !there.has(name))
          .map((name) => `${file}: ${name}`);
      });
    expect(missing).to.deep.equal([]);
  });

  it('lists none that nothing reads', () => {
    const read = new Set(sources.flatMap(readIn));
    expect(listed).to.have.length.greaterThan(20);
    expect(listed.filter((name) => !read.has(name))).to.deep.equal([]);
  });

  it('misses none that is read in another way', () => {
    // What the name is cannot be told: toolCandidates of common/tools.ts has it from its calls of env().
    const other = /process\.env(\.\w+|\[(?!'|\w*[vV]ariable\])\w+\])/;
    const files = sources.filter((file) => !isOfTests(file) && other.test(textOf(file)));
    expect(files).to.deep.equal(['common/tools.ts']);
  });
});
