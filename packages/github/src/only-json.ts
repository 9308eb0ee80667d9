/** Answers that need no content: accepted, none, and what is only said by the status. */
const withoutContent = [202, 204, 205, 304];

/**
 * Takes an answer with content for GitHub's only when all of it is there, and JSON. A proxy or the sign-in page of a network answers 200, too,
 * with HTML; and octokit would give what is left of an answer that broke off as if it were the whole.
 *
 * @returns `fetch` that rejects with an error that says so
 */
export function onlyJson(inner: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await inner(input, init);
    if (!response.ok || withoutContent.includes(response.status)) return response;
    const type = response.headers.get('content-type') ?? 'none';
    if (!/\bjson\b/i.test(type)) {
      await response.body?.cancel();
      throw new Error(`what answered is not GitHub's API (content type ${type.slice(0, 60)}): is a proxy in between?`);
    }
    const text = await response.text().catch((cause: unknown) => {
      throw new Error('the answer broke off', { cause });
    });
    try {
      JSON.parse(text);
    } catch (cause) {
      throw new Error('the answer is not JSON, though it says so', { cause });
    }
    const { status, headers } = response;
    return new Response(text, { status, headers });
  };
}
