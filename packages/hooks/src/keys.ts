// The only file of hooks that makes partition names, document ids and names of secrets.
import type { Scope } from './executions/hooks-of-scope.ts';

/** Everything that a scope has is one document: it is read for each call, and checked as a whole for each change. */
export const scopePartition = (scope: Scope): string => `hooks:${scope}`;
export const scopeDocumentId = 'hooks';

/** Three hyphens stand in no name that a Secret of a resource is kept under, save before its digest. */
export const signingKeySecret = (keyId: string): string => `hook-key---${keyId}`;
