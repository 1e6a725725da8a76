/** The API server answered, and said no. */
export class ApiRefusal extends Error {
  readonly status: number;
  /** Machine-readable reason of the Status object, such as NotFound or Invalid. */
  readonly reason: string;

  constructor(status: number, message: string, reason: string) {
    super(message);
    this.name = 'ApiRefusal';
    this.status = status;
    this.reason = reason;
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiRefusal && error.status === 404;
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiRefusal && error.status === 409;
}
