/**
 * Replaces $(NAME) by the variable's value and $$ by $, as the API describes for `command`, `args` and `env`: a name that is not
 * defined stays as it is written.
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^()]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(variables, name) ? (variables[name] ?? '') : whole;
  });
}
