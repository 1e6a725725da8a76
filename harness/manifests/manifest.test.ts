import { expect } from 'chai';
import { ManifestError, parseManifest } from './manifest.ts';

function errorOf(text: string): string {
  try {
    parseManifest(text, 'shop.yaml');
  } catch (error) {
    if (error instanceof ManifestError) return `${error.place}: ${error.message}`;
    throw error;
  }
  throw new Error('the manifest was taken');
}

describe('parsing a manifest', () => {
  it('tells where each object stands, and skips empty documents', () => {
    const text =
      '---\n# nothing\n---\napiVersion: v1\nkind: Service\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: b }\n';
    const found = parseManifest(text, 'shop.yaml');
    expect(found.map(({ object }) => object.metadata?.name)).to.deep.equal(['a', 'b']);
    expect(found[1]?.place).to.match(/^shop\.yaml, document \d, line 8$/);
  });

  it('names file, document and line of what is not YAML', () => {
    const error = errorOf('apiVersion: v1\nkind: Service\nmetadata: { name: a }\n---\nkind: [unclosed\n');
    expect(error).to.match(/^shop\.yaml, document 2, line [56]: /);
  });

  it('refuses what is no object', () => {
    expect(errorOf('just text')).to.equal('shop.yaml, document 1, line 1: the document is not an object');
    expect(errorOf('kind: Service')).to.equal(
      'shop.yaml, document 1, line 1: the object has no apiVersion, no metadata.name',
    );
    expect(errorOf('')).to.equal('shop.yaml: the file holds no object');
    expect(errorOf('a: 1\na: 2')).to.contain('unique');
  });
});
