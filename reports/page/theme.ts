import { h } from './dom.ts';

const names = ['text', 'muted', 'line', 'surface', 'direct', 'floor', 'gateway'] as const;
export type Colours = Record<(typeof names)[number], string>;

const listeners: (() => void)[] = [];
const system = matchMedia('(prefers-color-scheme: dark)');

/** The style sheet's colours as the current scheme resolves them, for what CSS cannot reach. */
export function colours(): Colours {
  const probe = h('span', { hidden: true });
  document.body.append(probe);
  const entries = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}

export function onThemeChange(listener: () => void): void {
  listeners.push(listener);
}

function changed(): void {
  for (const listener of listeners) listener();
}

/** A button that switches between the light and the dark scheme; the system's is the start. */
export function themeButton(): HTMLElement {
  const button = h(
    'button',
    { type: 'button', class: 'theme', 'aria-label': 'Switch between light and dark' },
    '◐',
  );
  button.addEventListener('click', () => {
    document.documentElement.dataset['theme'] = isDark() ? 'light' : 'dark';
    changed();
  });
  return button;
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? system.matches : chosen === 'dark';
}

/** Follows the system, and prints in the light scheme: paper is white. */
export function watchTheme(): void {
  system.addEventListener('change', changed);
  let before: string | undefined;
  addEventListener('beforeprint', () => {
    before = document.documentElement.dataset['theme'];
    document.documentElement.dataset['theme'] = 'light';
    changed();
  });
  addEventListener('afterprint', () => {
    if (before === undefined) delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = before;
    changed();
  });
}
