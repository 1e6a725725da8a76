/** Sets a variable of the environment for a test. @returns restores what it was */
export function setVariable(key: string, value: string): () => void {
  const before = process.env[key];
  process.env[key] = value;
  return () => {
    if (before === undefined) Reflect.deleteProperty(process.env, key);
    else process.env[key] = before;
  };
}
