import { escape, link } from '../summary.ts';
import type { ApproveInputs } from './approve-inputs.ts';
import type { Approval } from './read-approval.ts';

export interface ApprovalReport {
  /** Null: they could not be read. */
  readonly inputs: Pick<ApproveInputs, 'title' | 'approvers' | 'waitMs'> | null;
  /** Null: nobody was asked. */
  readonly approval: Approval | null;
  /** Whether everybody can read this. */
  readonly isPublic: boolean;
  /** Null: all went well. */
  readonly failure: string | null;
}

/** The job summary, in Markdown. That of a public repository leads nobody to the question. */
export function renderApprovalSummary({ inputs, approval, isPublic, failure }: ApprovalReport): string {
  const rows: [string, string][] = [];
  if (inputs) rows.push(['Title', escape(inputs.title)]);
  if (approval) rows.push(['State', escape(approval.state)]);
  if (approval?.approver) rows.push(['Decided by', escape(approval.approver)]);
  if (approval?.comment) rows.push(['Comment', escape(approval.comment)]);
  if (inputs) rows.push(['Approvers', inputs.approvers.map(escape).join('<br>')]);
  if (approval?.expiresAt) rows.push(['Expires', escape(approval.expiresAt)]);
  if (approval) rows.push(['Page', isPublic ? linkElsewhere : link(approval.url, 'open')]);
  if (failure !== null) rows.push(['Reason', escape(failure)]);
  const heading = approval === null ? 'nobody was asked' : inputs?.waitMs == null ? 'approval requested' : 'approval';
  return [
    `### Zekt: ${heading}`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '',
  ].join('\n');
}

/** Why the link is not where everybody can read it. */
export const linkElsewhere = 'in the output `url` of this step; not shown here, since this repository is public';
