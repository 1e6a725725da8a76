/**
 * Fills dist/ with what the npm package is made of: the same tree, compiled, because Node.js strips no types below node_modules.
 * Files that the code finds by its own place stay where they are to it. `npm pack` runs this first.
 *
 * Usage: node tools/pack.ts
 */
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../common/tools.ts';

const target = join(projectRoot, 'dist');
const rooms = 'cli,clusters,common,echo-server,gateway,harness,implementations,reports,suites,tools';
/** What only tests, the compiler or work on the project itself need. k6 reads its scripts as they are. */
const leftOut =
  /\.(test|fixture|bench|d)\.ts$|\/(testing|testdata|out)\/|^tools\/action\/|^tools\/(image-tree|pack|verify)\.ts$|tsconfig\.json$/;
const asTheyAre = /\.k6\.ts$/;

/** The compiled file, with imports of compiled files. @throws Error for a file that does not compile */
function compiled(path: string, text: string): string {
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  const [problem] = diagnostics;
  if (problem === undefined) return outputText;
  throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
}

/** Images of the local cluster name the programs that stand for them. */
function packed(path: string, text: string): string {
  return path.endsWith('images.yaml') ? text.replaceAll(/(\{checkout\}\/[^']*)\.ts'/g, "$1.js'") : text;
}

rmSync(target, { recursive: true, force: true });
const paths = globSync(`{${rooms}}/**/*`, { cwd: projectRoot, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1))
  .filter((path) => !leftOut.test(path));
for (const path of [...paths, 'package.json']) {
  const from = join(projectRoot, path);
  const to = join(target, path);
  mkdirSync(dirname(to), { recursive: true });
  if (path.endsWith('.yaml')) writeFileSync(to, packed(path, readFileSync(from, 'utf8')));
  else if (!path.endsWith('.ts') || asTheyAre.test(path)) cpSync(from, to);
  else writeFileSync(to.replace(/\.ts$/, '.js'), compiled(path, readFileSync(from, 'utf8')));
}
chmodSync(join(target, 'cli/main.js'), 0o755);
process.stderr.write(`pack: ${paths.length} files in dist/\n`);
