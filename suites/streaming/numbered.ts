/** Messages `text 0`, `text 1`, ... of a stream. */
export function numbered(count: number): { text: string }[] {
  return Array.from({ length: count }, (_, index) => ({ text: `text ${String(index)}` }));
}

export const texts = (messages: readonly { text?: unknown }[]): unknown[] => messages.map(({ text }) => text);
