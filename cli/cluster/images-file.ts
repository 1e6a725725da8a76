import { delimiter } from 'node:path';

/** A cluster started from now on also knows the images of that file; what the user maps still wins. */
export function useImages(file: string, env: NodeJS.ProcessEnv): void {
  env['ROUTEPROOF_IMAGES'] = [file, env['ROUTEPROOF_IMAGES'] ?? ''].filter(Boolean).join(delimiter);
}
