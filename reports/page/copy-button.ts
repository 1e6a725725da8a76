import { h } from './dom.ts';

/** Copies text; where the browser refuses, selects it, so that a key press does. */
export function copyButton(text: string, source: HTMLElement): HTMLElement {
  const what = source.getAttribute('aria-label') ?? 'text';
  const button = h('button', { type: 'button', class: 'copy', 'aria-label': `Copy ${what}` }, 'Copy');
  const say = (word: string): void => {
    button.textContent = word;
    setTimeout(() => (button.textContent = 'Copy'), 1500);
  };
  button.addEventListener('click', () => {
    write(text).then(
      () => say('Copied'),
      () => {
        getSelection()?.selectAllChildren(source);
        say('Press Ctrl+C');
      },
    );
  });
  return button;
}

/** A rejection, not an exception, where there is no clipboard at all. */
async function write(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
