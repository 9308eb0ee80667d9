/** Fields of the API and the inputs that they come from, longer ones first. */
const inputOf: readonly (readonly [RegExp, string])[] = [
  [/'?\bpolicy\.approvers(\.(\d+)[\w.]*)?'?/g, 'approvers'],
  [/'?\b(?:policy\.)?requesterMayApprove'?/g, 'requester-may-approve'],
  [/'?\b(?:policy\.)?requireRejectComment'?/g, 'require-reject-comment'],
  [/'?\bpolicy\.quorum'?/g, 'quorum'],
  [/'?\bexpiresInSeconds'?/g, 'expires-in'],
  [/'?\bonApprove\.eventType'?/g, 'on-approve-event-type'],
  [/'?\bonReject\.eventType'?/g, 'on-reject-event-type'],
  [/\bonApprove(?=:)/g, 'on-approve-event-type'],
  [/\bonReject(?=:)/g, 'on-reject-event-type'],
  [/'?\bonApprove\.payload'?/g, 'on-approve-payload'],
  [/'?\bonReject\.payload'?/g, 'on-reject-payload'],
  [/'?\brequester\.entra[\w.]*'?/g, 'requester-entra'],
  [/'?\bfacts\.(\d+)[\w.]*'?/g, 'facts'],
  [/\bInvalid facts\b/g, 'facts'],
  [/\bInvalid policy\b/g, 'approvers'],
];

/** What a server said in words of its API, in words of this action: which input is meant. */
export function inInputNames(sentence: string): string {
  return inputOf
    .reduce(
      (text, [field, input]) =>
        text.replace(field, (found) =>
          found.startsWith('Invalid ') ? `Invalid input '${input}'` : `the input '${input}'`,
        ),
      sentence,
    )
    .replace(/Invalid the input/g, 'Invalid input');
}
