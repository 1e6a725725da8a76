import { isCollection, isScalar, visit } from 'yaml';
import type { Alias, Document, DocumentOptions, ParseOptions, Range, SchemaOptions, Tags } from 'yaml';

/** kubectl reads YAML 1.1 as Go does: `yes` and `on` are booleans, but dates and 1:30 are strings. */
export const asGoReads: SchemaOptions &
  ParseOptions &
  DocumentOptions & { customTags: (tags: Tags) => Tags } = {
  version: '1.1',
  uniqueKeys: false,
  customTags: (tags) => [
    {
      tag: 'tag:yaml.org,2002:float',
      default: true,
      test: /^[-+.\d]/,
      resolve: (text: string) => numberOf(text) ?? text,
    },
    ...tags.filter(
      (tag) =>
        typeof tag === 'string' ||
        (!('format' in tag && tag.format === 'TIME') && !/:(timestamp|binary)$/.test(tag.tag)),
    ),
  ],
};

/** Undefined for a text that Go keeps, such as a float too large for it. */
function numberOf(text: string): number | undefined {
  if (/^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/.test(text))
    return Number(text.replace(/\.inf/i, 'Infinity').replace(/\.nan/i, 'NaN'));
  const plain = text.replaceAll('_', '');
  const [, sign, base = '', digits = ''] =
    /^([-+]?)0([xX](?=[\da-fA-F]+$)|[bB](?=[01]+$)|[oO]?(?=[0-7]+$))(.+)$/.exec(plain) ?? [];
  const whole = Number(`0${base === '' ? 'o' : base}${digits}`);
  if (digits !== '' && whole < 2 ** (sign === '-' ? 63 : 64)) return sign === '-' ? -whole : whole;
  const value = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Go's reader of YAML takes them nowhere, be it in comments or quotes; that of JSON takes most. */
const controlCharacter = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

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

/** What kubectl refuses of the text of a document before it reads any YAML. */
export function refusedText(text: string): Refusal | undefined {
  const control = text.search(controlCharacter);
  if (control !== -1)
    return {
      offset: control,
      message: 'there is a control character',
      fix: 'remove it, or write an escape in quotes',
    };
  // Templates are told of in the YAML.
  const separator = text.search(/^---(?=[^\S\n]*[^\s#])(?!.*\{\{)/m);
  if (separator === -1) return undefined;
  return {
    offset: separator,
    message: 'kubectl takes nothing but a comment after --- in one line',
    fix: 'put the rest on a line of its own',
  };
}

/** What kubectl refuses of a document that is YAML. */
export function refusalOf(document: Document, text: string, isJson: boolean): Refusal | undefined {
  const { directives } = document;
  const alias = looseAlias(document);
  // Its name may be the beginning of a password.
  if (alias !== undefined)
    return {
      offset: startOf(alias),
      message: 'a value that begins with * is an alias, and there is no such anchor before it',
      fix: 'put a value that begins with * in quotes, or mend the alias',
    };
  const loop = loopingAlias(document);
  if (loop !== undefined)
    return {
      offset: startOf(loop),
      message: 'an alias stands within what it stands for',
      fix: 'write out what is meant in its place',
    };
  const key = unfitKey(document);
  if (key !== undefined)
    return {
      offset: startOf(key),
      message: 'a key is a map, a list or null, as in a template',
      fix: renderFirst,
    };
  const escape = isJson ? undefined : unfitEscape(document, text);
  if (escape !== undefined)
    return {
      offset: escape,
      message: 'kubectl takes this escape in JSON alone',
      fix: 'write / without a backslash, and characters beyond \\uFFFF themselves or as \\U with eight digits',
    };
  const tab = lineOfTabs(document, text);
  if (tab !== undefined)
    return {
      offset: tab,
      message: 'kubectl takes no tab there, even in a blank line',
      fix: 'remove the tab',
    };
  if (directives?.yaml.explicit === true || Object.keys(directives?.tags ?? {}).length > 1)
    return { offset: 0, message: 'kubectl takes no directive', fix: 'remove the line that begins with %' };
  return undefined;
}

/** kubectl stops reading at `...`, and goes on after the next `---`. */
export function isSkipped({ contents, directives }: Document, index: number): boolean {
  return index > 0 && contents !== null && directives?.docStart !== true;
}

function looseAlias(document: Document): Alias | undefined {
  const anchors = new Set<string>();
  let found: Alias | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return undefined;
      found = alias;
      return visit.BREAK;
    },
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
  });
  return found;
}

/** An anchor that is written twice stands for the later one. */
function loopingAlias(document: Document): Alias | undefined {
  const anchors = new Map<string, unknown>();
  let found: Alias | undefined;
  visit(document, {
    Alias: (_, alias, path) => {
      if (!(path as readonly unknown[]).includes(anchors.get(alias.source))) return undefined;
      found = alias;
      return visit.BREAK;
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
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

/** Of `\/` and of halves of a character. */
function unfitEscape(document: Document, text: string): number | undefined {
  let found: number | undefined;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type !== 'QUOTE_DOUBLE' || range === undefined || range === null) return undefined;
      const [begin, end] = range;
      const escapes = text.slice(begin, end).matchAll(/\\(?:u[\da-fA-F]{4}|[\s\S])/g);
      for (const { 0: escape, index } of escapes) {
        if (!/^\\(\/|u[dD][89a-fA-F])/.test(escape)) continue;
        found = begin + index;
        return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
}

/** Where nothing or a comment comes after tabs. Within brackets, quotes and blocks of text they are taken, and deep enough after bare text. */
function lineOfTabs(document: Document, text: string): number | undefined {
  const [begin = 0, , end = text.length] = document.range ?? [];
  const lines = [...text.slice(begin, end).matchAll(/^( *)\t[ \t]*(?=\r?$|#)/gm)].map(
    ({ 1: spaces = '', index }) => ({ at: begin + index, spaces: spaces.length }),
  );
  // Both are in the order of the text.
  const places = lines.length === 0 ? [] : placesOfTabs(document, text);
  let next = 0;
  return lines.find(({ at, spaces }) => {
    while ((places[next]?.begin ?? Infinity) < at) next++;
    const place = places[next - 1];
    if (place === undefined) return true;
    if (place.column === undefined) return at >= place.end;
    return spaces <= place.column || text.slice(place.end, at).trim() !== '';
  })?.at;
}

interface PlaceOfTabs {
  begin: number;
  end: number;
  /** Of bare text: where the map or list that it is in begins. */
  column?: number;
}

function placesOfTabs(document: Document, text: string): PlaceOfTabs[] {
  const places: PlaceOfTabs[] = [];
  const take = ({ range }: { range?: Range | null }, place: { column?: number } = {}): symbol => {
    const [begin, end] = range ?? [0, 0];
    if (end > begin) places.push({ begin, end, ...place });
    return visit.SKIP;
  };
  visit(document, {
    Collection: (_, node) => (node.flow === true ? take(node) : undefined),
    Scalar: (_, node, path) => {
      if (node.type !== 'PLAIN') return take(node);
      const around = path.findLast((each) => isCollection(each));
      const start = around === undefined ? 0 : startOf(around);
      return take(node, { column: start - (text.lastIndexOf('\n', start - 1) + 1) });
    },
  });
  return places;
}

function startOf(node: unknown): number {
  return (node as { range?: readonly [number, ...number[]] | null }).range?.[0] ?? 0;
}
