/** The innermost message: clients hide why a connection failed in `cause`. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== ''
    ? `${error.message} (${messageOf(error.cause)})`
    : error.message;
}
