import { expect } from 'chai';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGoldenInput, renderGolden } from './golden-files.ts';
import { Translator } from './translator.ts';
import type { TranslateInput } from './model/types.ts';

const directory = join(import.meta.dirname, 'testdata');
const names = readdirSync(directory)
  .filter((file) => file.endsWith('.in.yaml'))
  .map((file) => file.slice(0, -'.in.yaml'.length));

describe('translate, golden files', () => {
  it('has at least 40 cases', () => {
    expect(names.length).to.be.at.least(40);
  });

  for (const name of names) {
    it(name, () => {
      const input = readGoldenInput(readFileSync(join(directory, `${name}.in.yaml`), 'utf8'));
      const translator = new Translator();
      const result = renderGolden(translator.translate(input));
      const file = join(directory, `${name}.out.yaml`);
      if (process.env['ROUTEPROOF_GOLDEN'] === 'write') writeFileSync(file, result);
      expect(result).to.equal(readFileSync(file, 'utf8'));
      expect(renderGolden(translator.translate(input)), 'with what it remembers').to.equal(result);
      expect(renderGolden(new Translator().translate(reversed(input))), 'in another order').to.equal(result);
    });
  }
});

function reversed(input: TranslateInput): TranslateInput {
  const objects = Object.fromEntries(
    Object.entries(input.objects).map(([field, list]) => [field, [...(list as unknown[])].reverse()]),
  );
  return { ...input, objects: objects as unknown as TranslateInput['objects'] };
}
