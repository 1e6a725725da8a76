import { execa } from 'execa';
import { podmanSettings } from './podman-settings.ts';
import { RouteproofError } from './errors.ts';

export const engineNames = ['docker', 'podman'] as const;
export type EngineName = (typeof engineNames)[number];

/** A container engine that answers. */
export interface ContainerEngine {
  name: EngineName;
  version: string;
  /** For each of its commands, and for programs that call it themselves. */
  env: Record<string, string>;
}

/** Whether what was read from a file is one. */
export function isEngine(value: unknown): value is ContainerEngine {
  const { name, version, env } = (value ?? {}) as Partial<Record<keyof ContainerEngine, unknown>>;
  return (
    engineNames.includes(name as EngineName) &&
    typeof version === 'string' &&
    typeof env === 'object' &&
    env !== null
  );
}

/** What kind looks at, which knows a third one. */
const kindVariable = 'KIND_EXPERIMENTAL_PROVIDER';
const questions: Record<EngineName, string[]> = {
  docker: ['version', '--format', '{{.Server.Version}}'],
  podman: ['version', '--format', '{{.Client.Version}}'],
};

/**
 * The engine that is asked for, by `asked` or KIND_EXPERIMENTAL_PROVIDER, else the first of docker and podman that answers.
 *
 * @throws RouteproofError INVALID_INPUT - another engine is asked for; CONTAINER_ENGINE_MISSING - with what each of them said
 */
export async function findEngine(
  asked?: EngineName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ContainerEngine> {
  const wanted = asked ?? wantedByKind();
  const refusals: Refusal[] = [];
  for (const name of wanted === undefined ? engineNames : [wanted]) {
    const answer = await ask(name, env);
    if ('version' in answer) return answer;
    refusals.push(answer);
  }
  throw noEngine(refusals);
}

/** Runs a command of the engine. @throws ExecaError - with what it said */
export async function runEngine(engine: ContainerEngine, args: string[], input?: string): Promise<string> {
  const { stdout } = await execa(engine.name, args, {
    env: engine.env,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  return stdout;
}

/** Whether the engine has an image under this name. */
export async function hasImage(engine: ContainerEngine, image: string): Promise<boolean> {
  const { failed } = await execa(engine.name, ['image', 'inspect', image], {
    env: engine.env,
    reject: false,
  });
  return !failed;
}

interface Refusal {
  name: EngineName;
  seen: string;
  hint: string;
}

function wantedByKind(): EngineName | undefined {
  const wanted = process.env[kindVariable];
  if (wanted === undefined || wanted === '') return undefined;
  const known = engineNames.find((name) => name === wanted);
  if (known !== undefined) return known;
  throw new RouteproofError('INVALID_INPUT', 'no container engine that routeproof drives', {
    object: kindVariable,
    seen: wanted,
    hint: `one of ${engineNames.join(', ')}, or unset it`,
  });
}

async function ask(name: EngineName, env: NodeJS.ProcessEnv): Promise<ContainerEngine | Refusal> {
  const engineEnv = name === 'podman' ? podmanSettings(env) : {};
  const result = await execa(name, questions[name], {
    env: { ...env, ...engineEnv },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 30_000,
  });
  if (!result.failed) return { name, version: result.stdout.trim(), env: engineEnv };
  const seen = (result.stderr || (result.shortMessage ?? '')).trim().split('\n').slice(-2).join(' ');
  if (result.code === 'ENOENT') return { name, seen: 'not installed', hint: installHints[name] };
  if (/permission denied/i.test(seen)) return { name, seen, hint: permissionHints[name] };
  return { name, seen, hint: startHints[name] };
}

const installHints: Record<EngineName, string> = {
  docker: 'install Docker',
  podman: 'on Debian or Ubuntu: sudo apt-get install podman netavark aardvark-dns runc',
};
const permissionHints: Record<EngineName, string> = {
  docker: 'let your user use Docker (sudo usermod -aG docker "$USER", then log in again)',
  podman: 'run it as root, or set podman up for your user',
};
const startHints: Record<EngineName, string> = {
  docker: 'start the Docker daemon (sudo systemctl start docker)',
  podman: 'see why `podman version` fails',
};

function noEngine(refusals: Refusal[]): RouteproofError {
  const names = refusals.map(({ name }) => name).join(' and no ');
  return new RouteproofError('CONTAINER_ENGINE_MISSING', `no ${names} that can be used`, {
    seen: refusals.map(({ name, seen }) => `${name}: ${seen}`).join('\n        '),
    hint: refusals.map(({ hint }) => hint).join('; or '),
  });
}
