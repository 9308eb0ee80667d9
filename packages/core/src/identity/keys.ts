// The only file that makes partition names and document ids. Everything is found by ids; a name is a label that points to one.
import { digest } from './digest.ts';

/** A repository of one GitHub: `<issuer tag>.<numeric id>`. Ids of two GitHubs never meet. */
export type RepositoryRef = `${string}.${string}`;

/** Stands for the issuer of a GitHub's tokens in keys: 8 hexadecimal digits. */
export const issuerTag = (issuer: string): string => digest('issuer', issuer).slice(0, 8);

/** @param id GitHub's own, decimal */
export const repositoryRef = (issuer: string, id: string): RepositoryRef => `${issuerTag(issuer)}.${id}`;

/** GitHub's own id of the repository, decimal. */
export const repositoryIdOf = (repository: RepositoryRef): string => repository.slice(repository.indexOf('.') + 1);

/** Which GitHub it is of. */
export const issuerTagOf = (repository: RepositoryRef): string => repository.slice(0, repository.indexOf('.'));

/** The account that owns a repository, of the same GitHub: `<issuer tag>.<numeric id>`. */
export const accountRef = (repository: RepositoryRef, ownerId: string): string =>
  `${issuerTagOf(repository)}.${ownerId}`;

/** One attempt of one workflow run. A re-run is another attempt, so another key. */
export interface RunKey {
  readonly repository: RepositoryRef;
  readonly runId: string;
  readonly attempt: number;
}

/** `<repository id>:<run id>:<attempt>`: the correlation id that people and consumers see. */
export const correlationIdOf = ({ repository, runId, attempt }: RunKey): string =>
  `${repositoryIdOf(repository)}:${runId}:${attempt}`;

/** The run that a correlation id means, of the GitHub with this issuer; null when it is none. */
export function runKeyOf(issuer: string, correlationId: string): RunKey | null {
  const match = /^(\d{1,20}):(\d{1,20}):(\d{1,6})$/.exec(correlationId);
  const [, id, runId, attempt] = match ?? [];
  if (id === undefined || runId === undefined) return null;
  return { repository: repositoryRef(issuer, id), runId, attempt: Number(attempt) };
}

const runText = ({ repository, runId, attempt }: RunKey): string => `${repository}:${runId}:${attempt}`;

/** How many sessions the steps of one run or delivery are spread over: each holds what it is given for a while, so they must not be endless. */
export const sessionsOfRuns = 512;
const spread = (text: string): number => Number.parseInt(digest(text).slice(0, 8), 16) % sessionsOfRuns;

/** The session in which everything about a run is handled, one at a time. */
export const runSession = (run: RunKey): string => `run-${spread(runText(run))}`;
/** The session in which what consumers report of a delivery is handled. */
export const trackSession = (deliveryId: string): string => `track-${spread(deliveryId)}`;

/** Events of one aggregate are told in order, those of others beside them. */
export const eventSession = (aggregate: string): string => `events-${spread(aggregate) % 64}`;

// ── A repository: what GitHub says of it, what it offers, who subscribed to that. One partition, so that one list is the whole card.
export const repositoryPartition = (repository: RepositoryRef): string => `repository:${repository}`;
/** Everything that a decision about a provider's run needs. */
export const cardPrefix = 'card/';
export const repositoryDocumentId = `${cardPrefix}repository`;
export const servicePrefix = `${cardPrefix}service/`;
export const serviceDocumentId = (serviceId: string): string => `${servicePrefix}${serviceId}`;
export const subscriptionPrefix = `${cardPrefix}subscription/`;
export const subscriptionDocumentId = (serviceId: string, subscriptionId: string): string =>
  `${subscriptionPrefix}${serviceId}/${subscriptionId}`;
/** What happened to a subscription; beside it, so that it changes with it. */
export const historyDocumentId = (subscriptionId: string): string => `history/${subscriptionId}`;
/** A right that was taken back, remembered until somebody gives it again. */
export const revocationDocumentId = (serviceId: string, consumer: RepositoryRef): string =>
  `revoked/${serviceId}/${consumer}`;
/** The one request of a consumer for a service that waits for an answer. */
export const openRequestDocumentId = (serviceId: string, consumer: RepositoryRef): string =>
  `open/${serviceId}/${consumer}`;
/** Which service offers a workflow: one at most. */
export const offeredDocumentId = (workflow: string): string => `offers/${workflow}`;
/** Created with a service or subscription, and never again: an id has one life, whatever its name's claim says. */
export const lifeDocumentId = (id: string): string => `life/${id}`;
/** In the consumer's own partition: what it subscribed to. */
export const consumedPrefix = 'consumes/';
export const consumedDocumentId = (subscriptionId: string): string => `${consumedPrefix}${subscriptionId}`;

// ── Labels and second ways in: each holds what it points to.
export const pointerId = 'pointer';
export const serviceLabelPartition = (label: string): string => `service:${label.toLowerCase()}`;
export const aliasPartition = (publicName: string): string => `alias:${publicName.toLowerCase()}`;
export const aliasOwnerPartition = (alias: string): string => `alias-owner:${alias.toLowerCase()}`;
export const subscriptionNamePartition = (name: string): string => `subscription-name:${name}`;
export const subscriptionPartition = (subscriptionId: string): string => `subscription:${subscriptionId}`;
export const allServices = 'services';
export const allSubscriptions = 'subscriptions';

/** What the repositories of an account have asked for and nobody has answered, by the ids of the subscriptions. */
export const openRequestsPartition = (account: string): string => `open-requests:${account}`;

/** Only the digest of an invitation's code is kept. */
export const invitationPartition = (code: string): string => `invitation:${digest(code)}`;
export const invitationDocumentId = 'invitation';

// ── Installations.
export const installationPartition = (installationId: string): string => `installation:${installationId}`;
export const installationDocumentId = 'installation';
/** When it may be written to next: for the next process that does. */
export const paceDocumentId = 'pace';
export const heldPrefix = 'held:';
export const heldDocumentId = (deliveryId: string): string => `${heldPrefix}${deliveryId}`;
/** Each installation is one session of dispatch, so that GitHub sees one writer for it. */
export const installationSession = (installationId: string): string => `installation:${installationId}`;
/** A repository without an installation has a session of its own. */
export const repositorySession = (repository: RepositoryRef): string => `repository:${repository}`;

// ── Runs and deliveries.
export const runPartition = (run: RunKey): string => `run:${runText(run)}`;
export const runDocumentId = 'run';
export const messagePrefix = 'm:';
export const messageDocumentId = (requestKey: string): string => `${messagePrefix}${requestKey}`;
/** Of the plan for so many items: a plan that grows gets pages of its own, and leaves those that a reader may still hold to. */
export const planDocumentId = (items: number, page: number): string => `plan:${items}:${page}`;
export const deliveryPartition = (deliveryId: string): string => deliveryId;
export const deliveryDocumentId = 'delivery';

// ── Streams and counts, cut into partitions by time.
/** The first shard has the bucket's own name. */
export const timelinePartition = (name: string, bucket: number, shard: number): string =>
  shard === 0 ? `${name}:${bucket}` : `${name}:${bucket}:${shard}`;
/** Fixed width, so that text order is time order. */
export const timedId = (atMs: number, key: string): string => `${String(atMs).padStart(15, '0')}~${key}`;
export const connectionTimelineName = (subscriptionId: string): string => `connection:${subscriptionId}`;
export const countersPartition = (day: number): string => `counters:${day}`;
export const usagePartition = (account: string): string => `usage:${account}`;

// ── The server itself.
export const serverPartition = 'server';
export const serverKeyId = 'key';
export const sweepDocumentId = 'sweep';
export const reconcileDocumentId = 'reconcile';
