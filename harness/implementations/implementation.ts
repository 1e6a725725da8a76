import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { messageOf, RouteproofError } from '../../common/errors.ts';
import { versionedTools, type Versioned } from '../../common/tool-version.ts';
import { projectRoot, toolNames, type ToolName } from '../../common/tools.ts';
import type { ConfigDumpAt, SharedProxies } from '../proxies/pods.ts';
import type { KnownFailure } from '../results/known-failures.ts';
import { mustBeKnown } from '../../common/known-names.ts';
import schema from '../../implementations/implementation.schema.json' with { type: 'json' };

/** A folder of what a tool is made of, in the tool's directory. */
export interface ToolFolder {
  tool: ToolName;
  folder: string;
}

/** implementations/NAME/implementation.yaml; implementation.schema.json says what each field is. */
export interface Implementation {
  name: string;
  title: string;
  version: string;
  url: string;
  gatewayClass: string;
  needs: { dns: boolean; tools: ToolName[]; parentNamespaces?: boolean };
  channel?: 'experimental';
  versions?: Record<string, Versioned>;
  crds?: ToolFolder;
  chart?: ToolFolder & { release: string; namespace: string; ownValues?: string; values?: string };
  ownManifests?: ToolFolder;
  manifests: string;
  logNamespaces: string[];
  sharedProxies?: SharedProxies;
  concurrency?: number;
  alone?: string[];
  configDump?: ConfigDumpAt;
  knownFailures: KnownFailure[];
  /** Its folder. */
  dir: string;
}

const implementationsDir = join(projectRoot, 'implementations');
const file = 'implementation.yaml';
const validate = new Ajv2020({ allErrors: true, strict: true }).compile<Omit<Implementation, 'dir'>>(schema);

/** All names that `--implementation` takes. */
export function implementationNames(dir = implementationsDir): string[] {
  return readdirSync(dir)
    .filter((name) => existsSync(join(dir, name, file)))
    .sort();
}

/**
 * @throws RouteproofError USAGE - no such implementation, with near matches; INVALID_INPUT - with every problem of the file
 */
export function readImplementation(name: string, dir = implementationsDir): Implementation {
  mustBeKnown('USAGE', 'implementation', name, implementationNames(dir));
  const path = join(dir, name, file);
  const value = parseFile(path);
  const problems = [...schemaProblems(value), ...meaningProblems(value, name)];
  if (problems.length === 0) return { ...(value as Omit<Implementation, 'dir'>), dir: join(dir, name) };
  throw new RouteproofError('INVALID_INPUT', 'the description of an implementation is not valid', {
    object: path,
    seen: problems.join('; '),
    hint: 'implementations/implementation.schema.json describes it',
  });
}

function parseFile(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new RouteproofError('INVALID_INPUT', 'the description of an implementation cannot be read', {
      object: path,
      seen: messageOf(cause),
      hint: 'it has to be YAML: mend it at the line that is named',
      cause,
    });
  }
}

function schemaProblems(value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath || '/'} ${message}`);
}

/** What the schema cannot see. */
function meaningProblems(value: unknown, folder: string): string[] {
  const {
    name,
    needs,
    versions = {},
    crds,
    chart,
    ownManifests,
    knownFailures = [],
  } = (value ?? {}) as Partial<Implementation>;
  const tools = [...(needs?.tools ?? []), crds?.tool, chart?.tool, ownManifests?.tool];
  const silent = Object.values(versions).filter((tool) => !versionedTools.includes(tool));
  const unknown = [...new Set(tools)].filter((tool) => tool !== undefined && !toolNames.includes(tool));
  const scenarios = knownFailures.map(({ scenario }) => scenario);
  const twice = scenarios.filter((id, index) => scenarios.indexOf(id) !== index);
  return [
    ...(name === folder ? [] : [`/name is not that of its folder, ${folder}`]),
    ...unknown.map((tool) => `there is no tool ${tool}`),
    ...silent.map((tool) => `/versions: no tool ${tool} tells its version`),
    ...twice.map((id) => `/knownFailures has ${id} twice`),
  ];
}
