import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Command } from 'commander';
import { projectRoot } from '../common/tools.ts';
import { readKnown } from '../harness/explain/known.ts';
import { profileNames } from '../harness/profiles/profile.ts';
import { suiteOf } from '../harness/specs/registry.ts';
import { plantedNames } from './faults/planted-faults.ts';
import { commandLine } from './run-cli.ts';

/** Written by programs, which know what exists. */
const generated = ['docs/faults.md', 'docs/matrix.md'];
const pages = [
  'README.md',
  ...globSync(['docs/**/*.md', '*/README.md'], { cwd: projectRoot, exclude: ['node_modules/**'] }),
].filter((page) => !generated.includes(page));

/** Options of other programs that a page names alone. */
const foreignOptions = ['--grep', '--heap-growing-percent', '--max-semi-space-size'];

interface Page {
  page: string;
  /** What stands in backticks within a line. */
  spans: string[];
  /** Lines of blocks for a shell, or of no language. */
  lines: string[];
}

const fence = /^( *)```(\w*)\n(.*?)^ *```$/gms;
const textOf = (page: string): string => readFileSync(join(projectRoot, page), 'utf8');

function read(page: string): Page {
  const text = textOf(page);
  const spans = text.replaceAll(fence, '').matchAll(/`([^`\n]+)`/g);
  const blocks = [...text.matchAll(fence)].filter(([, , language = '']) => ['', 'sh'].includes(language));
  const lines = blocks.flatMap(([, , , block = '']) => block.replaceAll('\\\n', ' ').split('\n'));
  return { page, spans: [...spans].map(([, span = '']) => span), lines: lines.map((line) => line.trim()) };
}

/** Where one of all pages says something else than it should: `page: what`. */
function wrongIn(of: (page: Page) => Iterable<string>): string[] {
  return pages.flatMap((page) => [...of(read(page))].map((what) => `${page}: ${what}`));
}

/** Words of spans and lines that name one thing, without what stands around them. */
function wordsOf({ spans, lines }: Page): string[] {
  const words = [...spans, ...lines.map((line) => line.replace(/(^|\s)#.*/, ''))].join(' ').split(/[\s,]+/);
  return words.map((word) => word.replaceAll(/^['"([]+|['")\],:;]+$/g, '')).filter(isNamed);
}

/** Not a pattern, nor with a place for a name, such as NAME. */
function isNamed(word: string): boolean {
  return word !== '' && !/[*<>{}$]|\.\.\.|(^|[/-])[A-Z]+(?!\w*\.md)/.test(word);
}

describe('the pages', () => {
  let scenarios: Set<string>;
  let suites: Set<string>;
  let names: Set<string>;

  before(async () => {
    const known = await readKnown([]);
    scenarios = new Set(known.scenarios.map(({ id }) => id));
    suites = new Set([...scenarios].map(suiteOf));
    names = new Set([...known.clauses.map(({ id }) => id), ...plantedNames(), ...profileNames()]);
  });

  it('show files as they are', () => {
    const claim = /`([^`\n]+)`:\n\n( *)```\w*\n(.*?)^ *```$/gms;
    const blocks = pages.flatMap((page) =>
      [...textOf(page).matchAll(claim)].map(([, file = '', , block = '']) => ({ page, file, block })),
    );
    const files = blocks.filter(({ file }) => existsSync(join(projectRoot, file)));
    expect(files).to.have.length.greaterThan(1);
    for (const { page, file, block } of files) expect(textOf(file), `${file} in ${page}`).to.include(block);
  });

  it('name files, folders and scenarios that exist', () => {
    const wrong = wrongIn(function* (page) {
      const places = ['', dirname(page.page), 'suites'].map((place) => join(projectRoot, place));
      const isThere = (path: string): boolean => places.some((place) => existsSync(join(place, path)));
      for (const word of wordsOf(page)) {
        const [folder = '', ...rest] = word.replace(/^\.\//, '').split('/');
        if (folder === '' || rest.length === 0 || word.startsWith('reports/out')) continue;
        if (isThere(folder) && !isThere(word) && !scenarios.has(word)) yield word;
      }
    });
    expect(wrong).to.deep.equal([]);
  });

  it('name modules that exist, those of a folder in that folder', () => {
    const wrong = wrongIn(function* (page) {
      const folder = /^(?!docs)[\w-]+(?=\/)/.exec(page.page)?.[0];
      const modules = globSync(folder === undefined ? '*/**/*.ts' : `${folder}/**/*.ts`, {
        cwd: projectRoot,
        exclude: ['node_modules/**'],
      });
      const known = new Set(modules.map((path) => basename(path)));
      yield* wordsOf(page).filter((word) => /^\w[\w.-]*\.ts$/.test(word) && !known.has(word));
    });
    expect(wrong).to.deep.equal([]);
  });

  it('link to files that exist', () => {
    const wrong = wrongIn(function* ({ page }) {
      for (const [, link = ''] of textOf(page).matchAll(/\]\((?!\w+:)([^)#\s]+)/g))
        if (!existsSync(join(projectRoot, dirname(page), link))) yield link;
    });
    expect(wrong).to.deep.equal([]);
  });

  it('name clauses, faults and profiles that exist: three words with hyphens are one', () => {
    const wrong = wrongIn(({ spans }) =>
      spans.filter((span) => /^(?!x-)[a-z0-9]+(-[a-z0-9]+){2,}$/.test(span) && !names.has(span)),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('give commands and options that exist, about what exists', () => {
    const program = commandLine(() => undefined);
    const wrong = wrongIn(function* ({ spans, lines }) {
      for (const text of [...spans, ...lines])
        for (const [, rest = ''] of text.matchAll(/(?:^|[\s/(])routeproof ([^#|>;`]*)/g))
          yield* wrongCommand(program, rest.split(/ -- /)[0] ?? '');
      for (const span of spans.filter((text) => text.startsWith('--')))
        for (const option of optionsOf(span))
          if (!isOption(allOf(program), option) && !foreignOptions.includes(option)) yield option;
    });
    expect(wrong).to.deep.equal([]);
  });

  function* wrongCommand(program: Command, text: string): Generator<string> {
    let command = program;
    for (const word of text.split(/[\s,)]+/)) {
      const next = command.commands.find((some) => some.name() === word);
      if (next === undefined) break;
      command = next;
    }
    if (command === program) yield `routeproof ${text}`;
    for (const option of optionsOf(text))
      if (!isOption([command], option)) yield `routeproof ${command.name()} ${option}`;
    for (const [, option = '', values = ''] of text.matchAll(/--(fault|clause|scenario|suite) (\S+)/g)) {
      const known = { scenario: scenarios, suite: suites }[option] ?? names;
      yield* values.split(',').filter((value) => isNamed(value) && !known.has(value));
    }
  }

  it('name targets of the Makefile', () => {
    const targets = new Set([...textOf('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, target]) => target));
    const wrong = wrongIn(function* ({ spans, lines }) {
      for (const text of [...spans, ...lines])
        for (const [, target] of text.matchAll(/^make ([a-z-]+)/g)) if (!targets.has(target)) yield text;
    });
    expect(wrong).to.deep.equal([]);
  });
});

function optionsOf(text: string): string[] {
  return [...text.matchAll(/(?<=^|[\s[(])--[a-z][a-z0-9-]*/g)].map(([option]) => option);
}

function allOf(program: Command): Command[] {
  return [program, ...program.commands.flatMap(allOf)];
}

function isOption(commands: readonly Command[], long: string): boolean {
  return long === '--help' || commands.some(({ options }) => options.some((some) => some.long === long));
}
