import { ApprovalClient } from './approval-client.ts';
import { readServer } from '../inputs.ts';
import type { ApproveRunner } from './approve-runner.ts';

/**
 * The step's `post` in a job that was cancelled: nobody is to decide what nobody waits for. Never fails the job.
 *
 * @param id of the approval, as the step kept it
 */
export async function withdraw(runner: ApproveRunner, id: string): Promise<void> {
  try {
    const { state } = await new ApprovalClient(runner, readServer(runner.getInput)).withdraw(id);
    runner.info(
      state === 'cancelled'
        ? `The job was cancelled, so the question ${id} is withdrawn.`
        : `The job was cancelled; the question ${id} was ${state} before.`,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    runner.warning(`Zekt: the question ${id} could not be withdrawn: ${why}`);
  }
}
