const kiB = 1024;
const miB = 1024 * kiB;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What a caller meets when a limit is reached. */
export interface Limit {
  readonly value: number;
  /** What the number counts. */
  readonly unit:
    'bytes' | 'characters' | 'levels' | 'messages' | 'questions' | 'requests' | 'resources' | 'teams' | 'clicks';
  /** Of what there may be so many, as a person would say it. */
  readonly of: string;
  /** Milliseconds in which so many are allowed; absent where it is a limit on one thing, or on what there is at one time. */
  readonly windowMs?: number;
  /** Setting that changes it. */
  readonly setting?: string;
  readonly status: 400 | 409 | 413 | 422 | 429 | 503;
  readonly code: string;
}

/**
 * Every limit on what a caller may ask for. Code takes its numbers from here; docs/reference/limits.md and OpenAPI show this very table.
 */
export const limits = {
  bodiesInProcess: {
    value: 64 * miB,
    unit: 'bytes',
    of: 'bodies that one server process holds at a time before their senders are known',
    status: 503,
    code: 'unavailable',
  },
  bodyOfWebhook: {
    value: 25 * miB,
    unit: 'bytes',
    of: "body of a webhook, GitHub's own limit",
    status: 413,
    code: 'body_too_large',
  },
  bodyOfApply: { value: 4 * miB, unit: 'bytes', of: 'body of an `apply`', status: 413, code: 'body_too_large' },
  bodyOfNotificationEvent: {
    value: 3 * miB,
    unit: 'bytes',
    of: 'body of an event for notifications',
    status: 413,
    code: 'body_too_large',
  },
  bodyOfRequest: { value: miB, unit: 'bytes', of: 'body of any other request', status: 413, code: 'body_too_large' },
  bodyOfForm: {
    value: 16 * kiB,
    unit: 'bytes',
    of: 'form of the page for approvals',
    status: 413,
    code: 'body_too_large',
  },
  payload: {
    value: 524_288,
    unit: 'bytes',
    of: 'payload on the wire, as JSON',
    status: 413,
    code: 'payload_too_large',
  },
  payloadDepth: { value: 64, unit: 'levels', of: 'nesting of a payload', status: 422, code: 'payload_too_deep' },
  payloadOfDecision: {
    value: 40_000,
    unit: 'bytes',
    of: 'payload that is dispatched with a decision, as JSON',
    status: 413,
    code: 'payload_too_large_for_dispatch',
  },
  messagesOfRun: {
    value: 1000,
    unit: 'messages',
    of: 'one run; counted by each process for itself',
    status: 409,
    code: 'too_many_messages',
  },
  messagesOfRepository: {
    value: 3600,
    unit: 'messages',
    of: 'one repository',
    windowMs: hourMs,
    setting: 'ZEKT_MESSAGES_PER_HOUR',
    status: 429,
    code: 'too_many_requests',
  },
  keptOfAccount: {
    value: 1024 * miB,
    unit: 'bytes',
    of: 'payloads kept for one account',
    windowMs: 90 * dayMs,
    setting: 'ZEKT_KEPT_MB_PER_ACCOUNT',
    status: 429,
    code: 'quota_exceeded',
  },
  requestsOfRepository: {
    value: 60,
    unit: 'requests',
    of: 'subscriptions that one repository asks for; counted by each process for itself',
    windowMs: hourMs,
    status: 429,
    code: 'too_many_requests',
  },
  questionsOfRepository: {
    value: 300,
    unit: 'questions',
    of: 'approvals that one repository asks for; counted by each process for itself',
    windowMs: hourMs,
    status: 429,
    code: 'too_many_requests',
  },
  openRequestsOfAccount: {
    value: 200,
    unit: 'requests',
    of: 'subscriptions that the repositories of one account have asked for and that wait for an answer',
    status: 429,
    code: 'too_many_requests',
  },
  openQuestionsOfRepository: {
    value: 200,
    unit: 'questions',
    of: 'approvals that one repository has asked for and that are not over',
    status: 429,
    code: 'too_many_requests',
  },
  clicksOfPerson: {
    value: 10,
    unit: 'clicks',
    of: 'one person at one approval; counted by each process for itself',
    windowMs: 60_000,
    status: 429,
    code: 'too_many_requests',
  },
  resourcesOfApply: {
    value: 500,
    unit: 'resources',
    of: 'one `apply`, those in a `List` counted',
    status: 400,
    code: 'invalid_resource',
  },
  teamsOfPolicy: { value: 10, unit: 'teams', of: 'the approvers of one policy', status: 400, code: 'invalid_body' },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limits;
