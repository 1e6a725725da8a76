import { isCollection, isScalar, visit } from 'yaml';
import type { Alias, Document, DocumentOptions, ParseOptions, Scalar, SchemaOptions, Tags } from 'yaml';

/** kubectl reads YAML 1.1 as Go does: `yes` and `on` are booleans, but dates and 1:30 are strings. */
export const asGoReads: SchemaOptions &
  ParseOptions &
  DocumentOptions & { customTags: (tags: Tags) => Tags } = {
  version: '1.1',
  uniqueKeys: false,
  customTags: (tags) => [
    ...tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        (!('format' in tag && tag.format === 'TIME') && !/:(timestamp|binary)$/.test(tag.tag)),
    ),
    'intOct',
  ],
};

/** Go's reader takes them nowhere, be it in comments or quotes. */
export const controlCharacter = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Carriage returns alone end lines, too, and each document may begin with a byte order mark, as in files that were joined. */
export function asOneFile(text: string): string {
  return text.replace(/\r(?!\n)/g, '\n').replace(/^(---[^\n]*\n)\uFEFF/gm, '$1');
}

interface Refusal {
  offset: number;
  message: string;
  fix: string;
}

export const renderFirst = 'render it first, such as with: helm template CHART | routeproof lint -';

/** What kubectl refuses of a document that is YAML. */
export function refusalOf(document: Document, text: string): Refusal | undefined {
  const { directives } = document;
  const [alias] = looseAliases(document);
  if (alias !== undefined)
    return {
      offset: startOf(alias),
      message: `*${alias.source} is an alias, and there is no such anchor before it`,
      fix: 'put a value that begins with * in quotes, or mend the alias',
    };
  const key = unfitKey(document);
  if (key !== undefined)
    return {
      offset: startOf(key),
      message: 'a key is a map, a list or null, as in a template',
      fix: renderFirst,
    };
  const tab = blankLinesWithTabs(document, text)[0];
  if (tab !== undefined)
    return { offset: tab, message: 'kubectl takes no tab in a blank line', fix: 'remove the tab' };
  if (directives?.yaml.explicit === true || Object.keys(directives?.tags ?? {}).length > 1)
    return { offset: 0, message: 'kubectl takes no directive', fix: 'remove the line that begins with %' };
  return undefined;
}

/** kubectl stops reading at `...`, and goes on after the next `---`. */
export function isSkipped({ contents, directives }: Document, index: number): boolean {
  return index > 0 && contents !== null && directives?.docStart !== true;
}

function looseAliases(document: Document): Alias[] {
  const found: Alias[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) found.push(alias);
    },
  });
  return found;
}

function unfitKey(document: Document): unknown {
  let found: unknown;
  visit(document, {
    Pair: (_, { key }) => {
      if (!isCollection(key) && !(isScalar(key) && key.value === null)) return undefined;
      found = key;
      return visit.BREAK;
    },
  });
  return found;
}

/** Where there are tabs before nothing or a comment: within brackets, quotes and blocks of text they are taken. */
function blankLinesWithTabs(document: Document, text: string): number[] {
  const [begin = 0, , end = text.length] = document.range ?? [];
  const lines = [...text.slice(begin, end).matchAll(/^ *\t[ \t]*(?=\r?$|#)/gm)].map(
    ({ index }) => begin + index,
  );
  const isWithin = ({ range }: { range?: readonly number[] | null }, at: number): boolean =>
    range !== undefined && range !== null && at > (range[0] ?? 0) && at < (range[1] ?? 0);
  const taken = (at: number): boolean => {
    let isTaken = false;
    visit(document, {
      Collection: (_, node) => {
        isTaken ||= node.flow === true && isWithin(node, at);
      },
      Scalar: (_, node: Scalar) => {
        isTaken ||= node.type !== 'PLAIN' && isWithin(node, at);
      },
    });
    return isTaken;
  };
  return lines.filter((at) => !taken(at));
}

function startOf(node: unknown): number {
  return (node as { range?: readonly [number, ...number[]] | null }).range?.[0] ?? 0;
}
