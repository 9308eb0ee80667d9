import { issuerTag } from '@zekt/core';
import type { Scope } from './executions/hooks-of-scope.ts';

export const instance: Scope = 'instance';

/** @param accountId GitHub's own, decimal */
export const scopeOfAccount = (issuer: string, accountId: string): Scope => `${issuerTag(issuer)}.${accountId}`;
