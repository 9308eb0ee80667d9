import { readFileSync } from 'node:fs';
import { validate, type Actor, type Approval, type ApprovalRecord } from '@zekt/contracts';
import type { JSONWebKeySet } from 'jose';
import type { Argv } from 'yargs';
import type { Client } from '../client.ts';
import { print, show, table, type OutputOptions } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { listAll } from './list-all.ts';

const shortTime = (iso: string): string => iso.replace('T', ' ').slice(0, 19);
const nameOf = ({ name, id, provider }: Actor): string => `${name ?? id} (${provider})`;

const approvalTable = (approvals: readonly Approval[]): string =>
  table(
    ['APPROVAL', 'STATE', 'TITLE', 'REPOSITORY', 'EXPIRES', 'DECIDED BY', 'CARD'],
    approvals.map((it) => [
      it.id,
      it.state,
      it.title,
      it.requester.repository ?? '',
      shortTime(it.expiresAt),
      it.decision ? nameOf(it.decision.actor) : '',
      it.posting ? `${it.posting.channel}: ${it.posting.state}` : '',
    ]),
  );

function describe(approval: Approval): string {
  const { target, dispatch, posting } = approval;
  const lines: (string | null)[] = [
    `${approval.id}: ${approval.state}`,
    `  ${approval.title}`,
    ...approval.facts.map(({ name, value }) => `  ${name}: ${value}`),
    target && `  dispatches to ${target.repository}: ${target.approved.eventType} or ${target.rejected.eventType}`,
    target && `  payload if approved: sha256:${target.approved.payloadSha256}`,
    target && `  payload if rejected: sha256:${target.rejected.payloadSha256}`,
    ...approval.votes.map(
      ({ decision, actor, via, at, comment }) =>
        `  ${decision} by ${nameOf(actor)} by ${via} at ${shortTime(at)}${comment === '' ? '' : `: ${comment}`}`,
    ),
    approval.inDoubt
      ? `  in doubt: GitHub may have taken '${approval.inDoubt}'; it is ${approval.state === 'undelivered' ? 'not repeated any more' : 'being repeated'}`
      : null,
    dispatch.reason === null ? null : `  last answer of GitHub: ${dispatch.reason}`,
    posting && `  card in ${posting.channel}: ${posting.state}${posting.reason === null ? '' : ` (${posting.reason})`}`,
    `  page: ${approval.url}`,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

export function approvalCommands(cli: Argv, client: () => Client): Argv {
  return cli.command('approvals', 'Questions to people: list, show, decide, cancel, evidence, verify', (yargs) =>
    yargs
      .demandCommand(1, 'Which? list, show, decide, cancel, evidence or verify.')
      .command(
        'list',
        'List approvals, newest first',
        (it) => it.option('limit', { type: 'number', default: 20, describe: 'How many at most' }),
        async (args) => {
          const approvals = await listAll(client(), 'listApprovals', {}, args.limit);
          show(approvals, args as OutputOptions, () => approvalTable(approvals));
        },
      )
      .command(
        'show <id>',
        'Show one approval',
        (it) => it.positional('id', { type: 'string', demandOption: true }),
        async (args) => {
          const approval = await client()('getApproval', { params: { id: args.id } });
          show(approval, args as OutputOptions, () => describe(approval));
        },
      )
      .command(
        'decide <id> <decision>',
        'Decide as the operator',
        (it) =>
          it
            .positional('id', { type: 'string', demandOption: true })
            .positional('decision', { choices: ['approve', 'reject'] as const, demandOption: true })
            .option('comment', { type: 'string', default: '', describe: 'Kept, and dispatched' })
            .example('$0 approvals decide apr_… approve', 'let it happen'),
        async (args) => {
          const approval = await client()('decideApproval', {
            params: { id: args.id },
            body: { decision: args.decision === 'approve' ? 'approved' : 'rejected', comment: args.comment },
          });
          show(approval, args as OutputOptions, () => describe(approval));
        },
      )
      .command(
        'cancel <id>',
        'Withdraw a question',
        (it) => it.positional('id', { type: 'string', demandOption: true }),
        async (args) => {
          const approval = await client()('cancelApproval', { params: { id: args.id } });
          show(approval, args as OutputOptions, () => describe(approval));
        },
      )
      .command(
        'evidence <id>',
        'Print the signed record of an approval',
        (it) =>
          it
            .positional('id', { type: 'string', demandOption: true })
            .example('$0 approvals evidence apr_… > evidence.jws', 'keep it for an auditor'),
        async (args) => {
          const { jws } = await client()('getApprovalEvidence', { params: { id: args.id } });
          print(jws);
        },
      )
      .command(
        'verify <file>',
        'Check a signed record, with the keys of the server or of a file',
        (it) =>
          it
            .positional('file', { type: 'string', demandOption: true })
            .option('keys', { type: 'string', describe: 'JWK set from /api/evidence/keys; default: ask the server' })
            .example('$0 approvals verify evidence.jws --keys keys.json', 'without the server'),
        async (args) => {
          const keys =
            args.keys === undefined
              ? await client()('getEvidenceKeys')
              : (JSON.parse(readText(args.keys)) as { keys: Record<string, unknown>[] });
          const record = await verifyEvidence(readText(args.file), keys);
          show(record, args as OutputOptions, () => `The signature holds (${record.iss}).\n${describeRecord(record)}`);
        },
      ),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : ''}`);
  }
}

/** @throws Error when the signature does not hold, or what is signed is no record of an approval */
async function verifyEvidence(jws: string, keys: JSONWebKeySet): Promise<ApprovalRecord> {
  const { compactVerify, createLocalJWKSet } = await import('jose');
  try {
    const { payload, protectedHeader } = await compactVerify(jws.trim(), createLocalJWKSet(keys), {
      algorithms: ['EdDSA'],
    });
    if (protectedHeader.typ !== 'zekt-approval+jws') throw new Error(`it is a '${protectedHeader.typ ?? ''}'`);
    const record = validate('ApprovalRecord', JSON.parse(Buffer.from(payload).toString('utf8')));
    if (!record.ok) throw new Error(record.problem);
    return record.value;
  } catch (error) {
    throw new Error(`This is no evidence of that server: ${error instanceof Error ? error.message : ''}.`, {
      cause: error,
    });
  }
}

const describeRecord = ({ approval, audit }: ApprovalRecord): string =>
  [
    describe(approval),
    '',
    table(
      ['AT', 'WHAT', 'DECISION', 'WHO', 'VIA', 'GITHUB', 'DETAIL'],
      audit.map((it) => [
        shortTime(it.at),
        it.what,
        it.decision ?? '',
        it.actor ? nameOf(it.actor) : '',
        it.via ?? '',
        it.githubStatus === null ? '' : String(it.githubStatus),
        it.detail ?? '',
      ]),
    ),
  ].join('\n');
