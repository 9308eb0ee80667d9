import type { ApprovalRequest } from '@zekt/contracts';
import {
  noteRepository,
  repositoryRef,
  type DispatchRequest,
  type RepositoryRef,
  type RunKey,
  type TeamMembers,
} from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded, type Embedded } from '@zekt/embedded';
import { auditPrefix, approvalPartition } from '../keys.ts';
import { findApproval, type ApprovalDocument, type AuditEntry, type Decision } from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { decide, type Outcome } from '../approval/decide.ts';
import type { Person } from '../approval/may-decide.ts';
import { requestApproval, type NewApproval } from '../approval/request-approval.ts';
import { entraPerson } from '../clicks/card-caller.ts';
import { Memberships } from '../identity/memberships.ts';
import { quietParts } from './quiet-parts.ts';

export const issuer = 'https://token.github.example';
export const tenant = '11111111-1111-4111-8111-111111111111';
export const guid = (digit: number): string => `22222222-2222-4222-8222-22222222222${digit}`;
export const groupId = '33333333-3333-4333-8333-333333333333';

/** People of GitHub have the ids 1 to 9: `user-1` and so on. */
export const onGitHub = (id: number): Person => ({
  actor: { provider: 'github', id: String(id), tenant: null, name: `user-${id}` },
  groups: [],
});
export const onEntra = (digit: number, groups: readonly string[] = []): Person =>
  entraPerson(tenant, guid(digit), `user-${digit}@acme.example`, groups);

/** Approvals of one organisation, acme, whose repository asks; what GitHub knows is in `teams`. */
export class PeopleWorld {
  readonly clock = new ManualClock();
  readonly embedded: Embedded = openEmbedded(':memory:', this.clock);
  /** Ids by `organisation/team`. */
  readonly teams = new Map<string, Set<string>>();
  /** Memberships that GitHub was asked for: `installation team user`. */
  readonly asked: string[] = [];
  readonly dispatched: DispatchRequest[] = [];
  isGitHubAway = false;
  readonly repository: RepositoryRef = repositoryRef(issuer, '101');
  readonly run: RunKey = { repository: this.repository, runId: '4242', attempt: 1 };
  readonly context: ApprovalsContext = {
    store: this.embedded.store,
    clock: this.clock,
    github: {
      dispatch: async (request) => {
        this.dispatched.push(request);
        return { kind: 'accepted', status: 204 };
      },
      findRepository: async () => null,
      findUser: async (login) => (/^user-\d$/.test(login) ? { id: login.slice(-1), login } : null),
      teamMembers: async (team, installationId) => this.#membersOf(team, installationId),
    },
    memberships: new Memberships(async (team, { id }, installationId) => {
      if (this.isGitHubAway) throw new Error('GitHub is away');
      this.asked.push(`${installationId} ${team} ${id}`);
      return this.#membersOf(team, installationId)?.ids.includes(id) ?? false;
    }, this.clock),
    ...quietParts,
  };

  /** An installation sees the teams of its own organisation. */
  #membersOf(team: string, installationId: string): TeamMembers | null {
    const ids = this.teams.get(team);
    const owner = { acme: '1', contoso: '2' }[team.split('/')[0] ?? ''];
    return ids && owner === installationId ? { ids: [...ids], isComplete: true } : null;
  }

  async start(): Promise<void> {
    await this.noteRepository(this.repository, 'acme/requests', '1');
  }

  async noteRepository(ref: RepositoryRef, fullName: string, installationId: string): Promise<void> {
    const owner = fullName.split('/')[0] ?? '';
    await noteRepository(this.embedded.store, ref, this.clock.now(), {
      fullName,
      owner,
      ownerId: `${installationId}1`,
      installationId,
    });
  }

  /** Asks as a run that user-1 started. */
  ask(
    policy: ApprovalRequest['policy'],
    changes: Partial<NewApproval['request']> = {},
    key: string | null = null,
  ): Promise<ApprovalDocument> {
    const { ref, owner, ownerId } = { ref: this.repository, owner: 'acme', ownerId: '11' };
    return requestApproval(this.context, {
      request: { title: 'basket to production', policy, ...changes },
      requester: {
        repository: `${owner}/requests`,
        ref,
        ownerId,
        runId: this.run.runId,
        runAttempt: this.run.attempt,
        actor: 'user-1',
        actorId: '1',
      },
      repository: { ref, ownerId, fullName: `${owner}/requests`, installationId: '1' },
      key,
    });
  }

  async click({ id }: Pick<ApprovalDocument, 'id'>, person: Person, decision: Decision = 'approved'): Promise<Outcome> {
    // No two people click within a millisecond.
    this.clock.advance(1);
    return decide(this.context, await this.now(id), {
      decision,
      person,
      comment: '',
      via: 'page',
      requestId: null,
    });
  }

  async now(id: string): Promise<ApprovalDocument> {
    const found = await findApproval(this.embedded.store, id);
    if (!found) throw new Error('it was asked');
    return found.body;
  }

  async audit(id: string): Promise<AuditEntry[]> {
    const page = await this.embedded.store.list<AuditEntry>(approvalPartition(id), { prefix: auditPrefix, limit: 100 });
    return page.items.map(({ body }) => body);
  }
}
