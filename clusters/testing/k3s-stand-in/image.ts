import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findEngine, hasImage, runEngine } from '../../../common/container-engine.ts';
import { kindNodeImage } from '../../../common/kind-node-image.ts';

const entrypoint = fileURLToPath(new URL('entrypoint.sh', import.meta.url));

/** Whether there is the image of a kind node that the stand-in is made of. */
export async function canStandIn(): Promise<boolean> {
  return hasImage(await findEngine(), kindNodeImage());
}

/** Builds it, for ROUTEPROOF_K3S_IMAGE. @returns its name, and what takes it away again */
export async function makeK3sStandIn(): Promise<{ image: string; remove: () => Promise<void> }> {
  const engine = await findEngine();
  const image = 'localhost/routeproof/test-k3s-stand-in:v1';
  const script = Buffer.from(readFileSync(entrypoint)).toString('base64');
  const text = [
    `FROM ${kindNodeImage()}`,
    `RUN echo ${script} | base64 --decode > /stand-in && chmod +x /stand-in`,
    'VOLUME /var',
    'STOPSIGNAL SIGKILL',
    'ENTRYPOINT ["/stand-in"]',
    'CMD []',
    '',
  ].join('\n');
  await runEngine(engine, ['build', `--tag=${image}`, '-'], text);
  return {
    image,
    remove: async () => {
      await runEngine(engine, ['rmi', '--force', image]);
    },
  };
}
