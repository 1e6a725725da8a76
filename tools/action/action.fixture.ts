import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../common/tools.ts';

interface Action {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { value: string }>;
  runs: {
    steps: { id?: string; run?: string; shell?: string; uses?: string; env?: Record<string, string> }[];
  };
}

export function readAction(): Action {
  return parse(readFileSync(join(projectRoot, 'action.yml'), 'utf8')) as Action;
}

/** What GitHub gives the script, with these inputs and the defaults of the others. */
export function actionEnv({ inputs, runs }: Action, values: Record<string, string>): Record<string, string> {
  const env = runs.steps.find(({ id }) => id === 'run')?.env ?? {};
  const evaluated = Object.entries(env).map(([key, expression]) => {
    const [, name = ''] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression) ?? [];
    return [key, values[name] ?? inputs[name]?.default ?? ''];
  });
  return Object.fromEntries(evaluated) as Record<string, string>;
}
