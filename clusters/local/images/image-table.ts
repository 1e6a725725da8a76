import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { messageOf, RouteproofError } from '../../../common/errors.ts';
import { cacheDir, projectRoot, toolDirOf, toolNames, toolPath } from '../../../common/tools.ts';
import type { ToolName } from '../../../common/tools.ts';
import { parseImageName } from './image-name.ts';

export const bundledImagesFile = join(projectRoot, 'clusters', 'local', 'images.yaml');

/** One entry as it is written. */
export interface ImageEntry {
  command: string[];
  args: string[];
  env: Record<string, string>;
  mounts: string[];
  /** Where the image has its programs, for containers that name one by its path: what runs instead. */
  programs: Record<string, string>;
  workingDir: string;
}

/** An entry with its placeholders filled in. */
export interface ResolvedImage extends ImageEntry {
  /** Directories of the binaries, for PATH. */
  binDirs: string[];
}

/** What placeholders stand for. */
export interface ImagePlaceholders {
  node: string;
  checkout: string;
  /** What a container sees of it, with the npm packages beside it. */
  checkoutMount?: string;
  /** The directory of all pinned tools. */
  cache: string;
  tool(name: ToolName): string;
  /** What set-up made with the tool: the folders of its module. */
  dir(name: ToolName): string;
}

/** Looks image names up. Entries added later win. */
export class ImageTable {
  readonly #entries = new Map<string, ImageEntry>();
  readonly #placeholders: ImagePlaceholders;
  /** For messages. */
  readonly files: string[] = [];

  constructor(placeholders: ImagePlaceholders) {
    this.#placeholders = placeholders;
  }

  add(entries: Record<string, ImageEntry>, file: string): void {
    this.files.push(file);
    for (const [name, entry] of Object.entries(entries)) {
      const { repository, tag } = parseImageName(name);
      this.#entries.set(`${repository}:${tag}`, entry);
    }
  }

  /** @throws RouteproofError TOOL_MISSING - when the entry names a binary that is not there */
  find(image: string): ResolvedImage | undefined {
    const { repository, tag } = parseImageName(image);
    const entry = this.#entries.get(`${repository}:${tag}`) ?? this.#entries.get(`${repository}:*`);
    return entry === undefined ? undefined : this.#resolve(entry);
  }

  #resolve(entry: ImageEntry): ResolvedImage {
    const mounts = new Set<string>();
    const binDirs = new Set<string>();
    const fill = (text: string): string =>
      text.replace(/\{([a-z]+)(?::([a-z0-9.-]+))?\}/g, (_, kind: string, name: string | undefined) => {
        const path = this.#pathOf(kind, name);
        mounts.add(kind === 'checkout' ? (this.#placeholders.checkoutMount ?? path) : path);
        if (kind === 'node' || kind === 'tool') binDirs.add(dirname(path));
        return path;
      });
    const command = entry.command.map(fill);
    const args = entry.args.map(fill);
    const filled = (map: Record<string, string>): Record<string, string> =>
      Object.fromEntries(Object.entries(map).map(([key, value]) => [key, fill(value)]));
    const [env, programs] = [filled(entry.env), filled(entry.programs)];
    for (const mount of entry.mounts) mounts.add(fill(mount));
    const { workingDir } = entry;
    return { command, args, env, mounts: [...mounts], programs, workingDir, binDirs: [...binDirs] };
  }

  #pathOf(kind: string, name: string | undefined): string {
    if (kind === 'node') return this.#placeholders.node;
    if (kind === 'checkout') return this.#placeholders.checkout;
    if (kind === 'cache') return this.#placeholders.cache;
    if (kind === 'dir') return this.#placeholders.dir(name as ToolName);
    return this.#placeholders.tool(name as ToolName);
  }
}

/**
 * The bundled table and the user's own.
 *
 * @param userFiles - paths with ':' between them, as in PATH
 * @throws RouteproofError INVALID_INPUT - with every problem of a file
 */
export function loadImageTable(userFiles = process.env['ROUTEPROOF_IMAGES'] ?? ''): ImageTable {
  const table = new ImageTable({
    node: process.execPath,
    checkout: projectRoot,
    checkoutMount: projectRoot.replace(/(\/node_modules)\/.*$/, '$1'),
    cache: cacheDir(),
    tool: toolPath,
    dir: toolDirOf,
  });
  const files = [bundledImagesFile, ...userFiles.split(delimiter).filter((file) => file !== '')];
  for (const file of files) table.add(parseImageFile(readImageFile(file), file), file);
  return table;
}

function readImageFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RouteproofError('INVALID_INPUT', 'the image mapping cannot be read', {
      object: file,
      seen: messageOf(error),
      hint: 'correct or unset ROUTEPROOF_IMAGES',
      cause: error,
    });
  }
}

/** @throws RouteproofError INVALID_INPUT - with every problem and its path */
export function parseImageFile(text: string, file: string): Record<string, ImageEntry> {
  const problems: string[] = [];
  let entries: Record<string, ImageEntry> = {};
  try {
    entries = readEntries(parse(text), problems);
  } catch (error) {
    problems.push(messageOf(error));
  }
  if (problems.length === 0) return entries;
  throw new RouteproofError('INVALID_INPUT', 'the image mapping is not valid', {
    object: file,
    seen: problems.join('; '),
    hint: 'docs/clusters.md shows the format',
  });
}

function readEntries(document: unknown, problems: string[]): Record<string, ImageEntry> {
  if (!isRecord(document) || !isRecord(document['images'])) {
    problems.push('images: must be a map of image names');
    return {};
  }
  unknownKeys(document, ['images'], '', problems);
  const entries = Object.entries(document['images']);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, readEntry(value, `images["${name}"]`, problems)]),
  );
}

function readEntry(value: unknown, path: string, problems: string[]): ImageEntry {
  const entry: ImageEntry = { command: [], args: [], env: {}, mounts: [], programs: {}, workingDir: '/' };
  if (!isRecord(value)) {
    problems.push(`${path}: must be a map`);
    return entry;
  }
  unknownKeys(value, Object.keys(entry), `${path}.`, problems);
  entry.command = readStrings(value['command'], `${path}.command`, problems);
  if (entry.command.length === 0) problems.push(`${path}.command: must name what to run`);
  entry.args = readStrings(value['args'] ?? [], `${path}.args`, problems);
  entry.mounts = readStrings(value['mounts'] ?? [], `${path}.mounts`, problems);
  entry.env = readMap(value['env'] ?? {}, `${path}.env`, problems);
  entry.programs = readMap(value['programs'] ?? {}, `${path}.programs`, problems);
  const { workingDir = '/' } = value;
  if (typeof workingDir === 'string' && workingDir.startsWith('/')) entry.workingDir = workingDir;
  else problems.push(`${path}.workingDir: must be an absolute path`);
  return entry;
}

function readStrings(value: unknown, path: string, problems: string[]): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    problems.push(`${path}: must be a list of strings`);
    return [];
  }
  for (const item of value) checkPlaceholders(item, path, problems);
  return value;
}

function readMap(value: unknown, path: string, problems: string[]): Record<string, string> {
  if (!isRecord(value) || !Object.values(value).every((item) => typeof item === 'string')) {
    problems.push(`${path}: must be a map of strings`);
    return {};
  }
  const map = value as Record<string, string>;
  for (const item of Object.values(map)) checkPlaceholders(item, path, problems);
  return map;
}

function checkPlaceholders(text: string, path: string, problems: string[]): void {
  for (const [placeholder, kind, name] of text.matchAll(/\{([^{}]*?)(?::([^{}]*))?\}/g)) {
    const known = ['node', 'checkout', 'cache'].includes(kind ?? '') && name === undefined;
    const ofTool = kind === 'tool' || kind === 'dir';
    if (known || (ofTool && toolNames.includes(name as ToolName))) continue;
    problems.push(`${path}: unknown placeholder ${placeholder}`);
  }
}

function unknownKeys(
  value: Record<string, unknown>,
  known: string[],
  path: string,
  problems: string[],
): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) problems.push(`${path}${key}: unknown key (known: ${known.join(', ')})`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
