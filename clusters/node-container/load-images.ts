import { execa } from 'execa';
import { runEngine, type ContainerEngine } from '../../common/container-engine.ts';
import { nodeImageLabel } from '../../common/kind-node-image.ts';

/** Gives a node every image that set-up has made, under the names that manifests use. @returns those names */
export async function loadImages(engine: ContainerEngine, node: string): Promise<string[]> {
  const ids = await labelled(engine, nodeImageLabel);
  const named: { name: string; tag: string }[] = [];
  for (const id of ids) {
    const format = `{{index .Config.Labels "${nodeImageLabel}"}} {{index .RepoTags 0}}`;
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
