/** What the body behind a click says. */
export interface ClickBody {
  /** JSON, where it is some; a bot's activity says in it who clicked. Null: it is none. */
  readonly json: unknown;
  /** Empty when there is none. */
  readonly comment: string;
}

const maxCommentLength = 2000;

/**
 * Bodies of our cards. Microsoft puts what was typed between the marks just as it is, without escaping it for JSON ("Legacy actionable
 * message card reference", input value substitution): quotation marks, backslashes and line breaks included.
 */
export const typedCommentBody = (input: string): string => `${typedFrame}{{${input}.value}}${frameEnd}`;

/** Says that what follows is as it was typed, so that `C:\new` is not read as JSON's escape of a line break. */
const typedFrame = '{"as":"typed","comment":"';
/** Cards that were made elsewhere, and clients that escape. */
const plainFrame = '{"comment":"';
const frameEnd = '"}';

/**
 * Reads JSON of a card, of a bot's activity (`value.action.data.comment`), or a form. What can't be read is no comment: the decision is in
 * the address.
 */
export function readClick(bytes: Buffer, contentType: string | null): ClickBody {
  const text = bytes.toString('utf8');
  const typed = between(text, typedFrame);
  if (typed !== null) return { json: null, comment: tidy(typed) };
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) {
    const comment = new URLSearchParams(text).get('comment');
    if (comment !== null) return { json: null, comment: tidy(comment) };
  }
  const json = parsed(text);
  if (json === undefined) return { json: null, comment: tidy(between(text, plainFrame) ?? '') };
  return { json, comment: tidy(commentIn(json)) };
}

function between(text: string, frame: string): string | null {
  const framed = text.trim();
  return framed.startsWith(frame) && framed.endsWith(frameEnd) && framed.length >= frame.length + frameEnd.length
    ? framed.slice(frame.length, -frameEnd.length)
    : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

interface CardJson {
  readonly comment?: unknown;
  readonly value?: { readonly action?: { readonly data?: { readonly comment?: unknown } | null } | null } | null;
}

function commentIn(json: unknown): unknown {
  const body = (json ?? {}) as CardJson;
  return body.comment ?? body.value?.action?.data?.comment;
}

/** At most 2,000 characters, none of them cut in two. */
function tidy(comment: unknown): string {
  if (typeof comment !== 'string') return '';
  const whole = comment.trim().toWellFormed();
  const cut = whole.slice(0, maxCommentLength);
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)).trim();
}
