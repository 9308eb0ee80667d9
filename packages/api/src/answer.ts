/** What goes back, before a door makes it a response: JSON, and headers beside the common ones. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}
