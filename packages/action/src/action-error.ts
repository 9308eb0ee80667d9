/** Why the step could not do its work, told so that a person knows what to do. Never holds a token. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}
