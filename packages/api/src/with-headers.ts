/** What a `Request` and every other form of a request have in common. */
export interface WithHeaders {
  readonly headers: { get(name: string): string | null };
}
