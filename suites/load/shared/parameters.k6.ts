/**
 * In a pod the parameters are a file beside the script: a list of legs as JSON survives no shell, and the k6-operator passes variables through
 * one. To be imported before what reads them. Exported because k6 1.8.1 does not come to the end of reading a module that exports nothing.
 */
export const parameters = JSON.parse(open(import.meta.resolve('../parameters.json'))) as Record<
  string,
  string
>;

for (const [name, value] of Object.entries(parameters)) __ENV[name] = value;
