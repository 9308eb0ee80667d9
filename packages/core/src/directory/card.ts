import {
  cardPrefix,
  repositoryDocumentId,
  repositoryPartition,
  servicePrefix,
  subscriptionPrefix,
  type RepositoryRef,
} from '../identity/keys.ts';
import type { Batch, DocumentStore, Page, Stored } from '../ports/document-store.ts';
import type { RepositoryDocument } from './repository.ts';
import type { ServiceDocument } from './service.ts';
import type { SubscriptionDocument } from './subscription.ts';

/** A provider as receive, webhook and correlate need it: what GitHub says of it, what it offers, who subscribed. */
export interface Card {
  readonly repository: RepositoryDocument | null;
  readonly services: readonly ServiceDocument[];
  readonly subscriptions: readonly SubscriptionDocument[];
}

/** Read at once: the documents themselves, in one partition, so there is no second copy that could be wrong. */
export async function readCard(store: Pick<DocumentStore, 'list'>, repository: RepositoryRef): Promise<Card> {
  let known: RepositoryDocument | null = null;
  const services: ServiceDocument[] = [];
  const subscriptions: SubscriptionDocument[] = [];
  let after: string | undefined;
  do {
    const page: Page<Stored<object>> = await store.list(repositoryPartition(repository), {
      prefix: cardPrefix,
      limit: 1000,
      ...(after !== undefined && { after }),
    });
    for (const { id, body } of page.items) {
      if (id === repositoryDocumentId) known = body as RepositoryDocument;
      else if (id.startsWith(servicePrefix)) services.push(body as ServiceDocument);
      else if (id.startsWith(subscriptionPrefix)) subscriptions.push(body as SubscriptionDocument);
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
  return { repository: known, services, subscriptions };
}

/** The service that offers this workflow, if one does. */
export const serviceOfWorkflow = ({ services }: Card, workflow: string): ServiceDocument | null =>
  services.find((service) => service.workflow === workflow) ?? null;

/** Cards of how many repositories are remembered at most. */
const maxRemembered = 2000;

/**
 * Cards, remembered for a moment. What this process writes is seen by it at once; what another one writes, when the moment is over:
 * so a right that was given a moment ago may miss a run. One that was taken back does not: dispatch reads the right itself.
 */
export class Cards {
  readonly #store: DocumentStore;
  readonly #rememberMs: number;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly card: Promise<Card>; readonly until: number }>();

  /** @param rememberMs 0: always read, where reading costs nothing */
  constructor(store: DocumentStore, rememberMs: number, now: () => number) {
    this.#store = store;
    this.#rememberMs = rememberMs;
    this.#now = now;
  }

  async get(repository: RepositoryRef): Promise<Card> {
    if (this.#rememberMs === 0) return readCard(this.#store, repository);
    const partition = repositoryPartition(repository);
    const known = this.#known.get(partition);
    if (known && known.until > this.#now()) return known.card;
    const card = readCard(this.#store, repository);
    this.#known.delete(partition);
    this.#known.set(partition, { card, until: this.#now() + this.#rememberMs });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxRemembered && oldest !== undefined) this.#known.delete(oldest);
    card.catch(() => this.#known.delete(partition));
    return card;
  }

  /** The store, for whoever writes through this process: a change makes the card be read anew. */
  watched(store: DocumentStore): DocumentStore {
    return {
      get: (partition, id) => store.get(partition, id),
      list: (partition, options) => store.list(partition, options),
      commit: async (batch: Batch) => {
        try {
          return await store.commit(batch);
        } finally {
          this.#known.delete(batch.partition);
        }
      },
    };
  }
}
