import type { HookRequestBody, HookResponseBody } from '@zekt/contracts';

/** What targets are told; what is asked and answered is as the method has it, or as somebody sent it. */
export type RequestBody = Omit<HookRequestBody, 'request'> & { readonly request: unknown };
export type ResponseBody = Omit<HookResponseBody, 'request' | 'response'> & {
  readonly request: unknown;
  readonly response: unknown;
};

/** The field names of ZITADEL Actions v2 ("Actions V2", zitadel.com/docs), for receivers that were written for it. */
export const zitadelRequest = ({
  fullMethod,
  tenantId,
  orgId,
  repository,
  actor,
  request,
  headers,
}: RequestBody): object => ({
  fullMethod,
  instanceID: tenantId ?? '',
  orgID: orgId ?? '',
  projectID: repository ?? '',
  userID: actor,
  request,
  headers,
});

export const zitadelResponse = ({ response, ...call }: ResponseBody): object => ({
  ...zitadelRequest(call),
  response,
});
