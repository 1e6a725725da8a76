/** A matched value, or a sentence that says why it cannot be matched. */
export type Result<T> = { value: T; problem?: never } | { problem: string; value?: never };
