import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './tools.ts';

/** The version in package.json. */
export const version = (
  JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }
).version;
