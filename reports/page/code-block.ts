import { copyButton } from './copy-button.ts';
import { h } from './dom.ts';

/** Preformatted text that scrolls by itself, can be reached by keyboard, and can be copied. */
export function codeBlock(
  text: string,
  what: string,
  language: 'yaml' | 'shell' | 'text' = 'text',
): HTMLElement {
  const content =
    language === 'yaml'
      ? text
          .trimEnd()
          .split('\n')
          .flatMap((line) => [...yamlLine(line), '\n'])
      : [text];
  const pre = h('pre', { tabindex: 0, role: 'region', 'aria-label': what }, h('code', {}, content));
  return h('div', { class: `code ${language}` }, pre, copyButton(text, pre));
}

/** Keys and comments set apart; enough to find one's way, and no parser to get wrong. */
function yamlLine(line: string): (string | HTMLElement)[] {
  const comment = /^(\s*)(#.*)$/.exec(line);
  if (comment !== null) return [comment[1] ?? '', h('span', { class: 'y-comment' }, comment[2] ?? '')];
  const pair = /^(\s*(?:- )*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s:#"'{[-][^:#]*)(:)(\s.*|)$/.exec(line);
  if (pair === null) return [line];
  return [
    pair[1] ?? '',
    h('span', { class: 'y-key' }, pair[2] ?? ''),
    ':',
    h('span', { class: 'y-value' }, pair[4] ?? ''),
  ];
}
