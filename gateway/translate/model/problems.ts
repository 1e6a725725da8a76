/** Why something is not as it should be, in the words of a condition. */
export interface Problem {
  reason: string;
  /** One sentence that names the field and the object. */
  message: string;
}

/** A condition holds 32,768 characters; what explains a failure fits in far fewer. */
const longestMessage = 1024;

/** One condition's text for several problems: the first one's reason, every message. */
export function summarise(problems: readonly Problem[]): Problem | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  return { reason: first.reason, message: shorten(problems.map((problem) => problem.message).join('; ')) };
}

export function shorten(message: string): string {
  return message.length <= longestMessage ? message : `${message.slice(0, longestMessage - 3)}...`;
}
