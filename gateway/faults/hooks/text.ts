export function escapeRegex(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What becomes of `$name` and `${name}` where no variable has that name. */
export const withoutVariables = (value: string): string => value.replaceAll(/\$(\w+|\{\w+\})/g, 'none');
