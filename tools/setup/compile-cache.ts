import { createHash } from 'node:crypto';
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { codeExtension, projectRoot } from '../../common/tools.ts';
import { say } from './say.ts';

/** Pods of the local cluster see it read-only (NODE_COMPILE_CACHE in clusters/local/images.yaml). */
const cacheDir = join(projectRoot, 'node_modules/.cache/compile');
const stampFile = join(cacheDir, 'made-of');
/** Node finds an entry by the path and the content of its source. */
const sources = ['package-lock.json', `{common,echo-server,gateway}/**/*${codeExtension}`];

/** What runs in pods. The gateway's controller is only loaded: alone it would look for its API server. */
const loads = [
  [join(projectRoot, `echo-server/main${codeExtension}`), '--check'],
  [
    '--eval',
    `await import(${JSON.stringify(join(projectRoot, `gateway/controller${codeExtension}`))}); process.exit()`,
  ],
];

/**
 * Compiles what pods run, again when a source has changed: their start then takes half the CPU time (echo server 0.22 instead of
 * 0.45 s, on two cores that start a dozen of them). Without it all works, only slower, so a failure is only said.
 */
export async function fillCompileCache(): Promise<void> {
  const wanted = stampOfSources();
  if (wanted === stampThere()) return;
  rmSync(cacheDir, { recursive: true, force: true });
  let isWhole = true;
  for (const args of loads) {
    // Node keeps a cache per user id, and in the cluster's user namespace everybody is 0.
    const argv = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user'];
    const [file = process.execPath, ...rest] = [...argv, process.execPath, ...args];
    const { failed, shortMessage } = await execa(file, rest, {
      env: { NODE_COMPILE_CACHE: cacheDir, ECHO_PORTS: '0' },
      reject: false,
      timeout: 30_000,
    });
    if (!failed) continue;
    isWhole = false;
    say(`the compile cache was not filled: ${shortMessage ?? 'no reason given'}`);
  }
  if (isWhole) writeFileSync(stampFile, wanted);
}

function stampOfSources(): string {
  const hash = createHash('sha256').update(projectRoot).update(process.version);
  for (const path of globSync(sources, { cwd: projectRoot }).sort()) {
    hash.update(`${path} ${String(statSync(join(projectRoot, path)).mtimeMs)}\n`);
  }
  return hash.digest('hex');
}

function stampThere(): string | undefined {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
