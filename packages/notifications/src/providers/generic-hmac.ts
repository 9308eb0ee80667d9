import { createHmac } from 'node:crypto';
import { genericRequest } from './generic-request.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once } from './request.ts';

/** The event as JSON, signed: `X-Signature: sha256=<hex>` of the very bytes. */
export const genericHmac: ProviderType = {
  type: 'generic-hmac',
  needs: { ...webhookNeeds, headers: 'optional', token: 'required' },
  gate: 'everything',
  limits: [],
  taken: 'status',
  exchange(event, config) {
    const request = genericRequest(event, config);
    const signature = createHmac('sha256', config.token)
      .update(request.body ?? '')
      .digest('hex');
    const others = request.headers.filter(([name]) => name.toLowerCase() !== 'x-signature');
    return once({ ...request, headers: [...others, ['X-Signature', `sha256=${signature}`]] });
  },
};
