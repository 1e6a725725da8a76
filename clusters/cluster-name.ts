import { RouteproofError } from '../common/errors.ts';

/** It becomes the name of a directory and part of a container's, which is a host name of at most 63 characters. @throws RouteproofError USAGE */
export function checkName(name: string): void {
  if (/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name)) return;
  throw new RouteproofError('USAGE', 'a cluster name is 1 to 32 lower-case letters, digits and hyphens', {
    seen: JSON.stringify(name),
    hint: 'it becomes the name of a directory and of a container: choose one like ci-1',
  });
}
