import { execa } from 'execa';
import { hasImage, runEngine, type ContainerEngine } from '../../common/container-engine.ts';
import { kindNodeImage, nodeImageLabel as nameLabel } from '../../common/kind-node-image.ts';

/** The image that the user names, else our own where set-up has made it because kind's could not be had, else kind's. */
export async function chosenNodeImage(engine: ContainerEngine): Promise<string | undefined> {
  const named = process.env['ROUTEPROOF_KIND_NODE_IMAGE'];
  if (named !== undefined && named !== '') return named;
  return (await hasImage(engine, kindNodeImage())) ? kindNodeImage() : undefined;
}

/** Gives a node every image that set-up has made, under the names that manifests use. @returns those names */
export async function loadImages(engine: ContainerEngine, node: string): Promise<string[]> {
  const ids = await labelled(engine, nameLabel);
  const named: { name: string; tag: string }[] = [];
  for (const id of ids) {
    const format = `{{index .Config.Labels "${nameLabel}"}} {{index .RepoTags 0}}`;
    const [name = '', tag = ''] = (
      await runEngine(engine, ['image', 'inspect', '--format', format, id])
    ).split(' ');
    named.push({ name, tag });
  }
  for (const { name, tag } of named) {
    const ctr = ['exec', '--interactive', node, 'ctr', '--namespace=k8s.io', 'images'];
    await execa(engine.name, ['save', tag], { env: engine.env, buffer: false }).pipe(
      engine.name,
      [...ctr, 'import', '--no-unpack', '-'],
      { env: engine.env },
    );
    await runEngine(engine, [...ctr, 'tag', '--force', tag, name]);
  }
  return named.map(({ name }) => name);
}

async function labelled(engine: ContainerEngine, label: string): Promise<string[]> {
  const ids = await runEngine(engine, ['images', '--quiet', '--no-trunc', '--filter', `label=${label}`]);
  return [...new Set(ids.split('\n').filter(Boolean))];
}
