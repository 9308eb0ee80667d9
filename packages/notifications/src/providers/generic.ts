import { genericRequest } from './generic-request.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once } from './request.ts';

/** The event as JSON, to whoever takes it. */
export const generic: ProviderType = {
  type: 'generic',
  needs: { ...webhookNeeds, headers: 'optional' },
  gate: 'everything',
  limits: [],
  taken: 'status',
  exchange: (event, config) => once(genericRequest(event, config)),
};
