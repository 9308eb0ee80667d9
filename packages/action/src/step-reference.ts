export interface StepReference {
  readonly execution_id: string;
  readonly step_id: string;
}

export type FoundReference =
  | { readonly kind: 'none' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'found'; readonly reference: StepReference };

/** What a run of an orchestration step says its report is for: from the `repository_dispatch` that started it. */
export function findStepReference(eventName: string, event: Readonly<Record<string, unknown>>): FoundReference {
  if (eventName !== 'repository_dispatch') return { kind: 'none' };
  const { client_payload: payload } = event as {
    client_payload?: { _zekt?: { orchestration?: { executionId?: unknown; stepId?: unknown } } };
  };
  const orchestration = payload?._zekt?.orchestration;
  if (!orchestration) return { kind: 'none' };
  const { executionId, stepId } = orchestration;
  if (typeof executionId !== 'string' || executionId === '' || typeof stepId !== 'string' || stepId === '')
    return { kind: 'broken' };
  return { kind: 'found', reference: { execution_id: executionId, step_id: stepId } };
}
