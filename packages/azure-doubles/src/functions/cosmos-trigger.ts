import { CosmosClient } from '@azure/cosmos';
import type { Registration, Worker } from './worker.ts';

const retryAfterMs = 200;

/** Calls a function with the documents of its container that have changed, until it takes them: as a retry without end makes the host do. */
export function runCosmosTrigger(
  worker: Worker,
  { name, bindings }: Registration,
  connection: { readonly endpoint: string; readonly key: string },
): () => void {
  const trigger = Object.values(bindings).find(({ type }) => type === 'cosmosDBTrigger');
  const client = new CosmosClient(connection);
  const container = client.database(String(trigger?.databaseName)).container(String(trigger?.containerName));
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  let isStopped = false;
  const isRunning = (): boolean => !isStopped;
  const work = async (): Promise<void> => {
    const feed = container.items.getChangeFeedIterator({ maxItemCount: Number(trigger?.maxItemsPerInvocation ?? 100) });
    while (isRunning()) {
      const page = await feed.readNext().catch(() => null);
      if (!page || page.statusCode === 304) {
        await pause(Math.min(Number(trigger?.feedPollDelay ?? 5000), retryAfterMs));
        continue;
      }
      const invoke = (): Promise<boolean> =>
        worker.invoke(name, { json: JSON.stringify(page.result) }).then(
          () => true,
          () => false,
        );
      while (!(await invoke()) && isRunning()) await pause(retryAfterMs);
    }
  };
  void work();
  return () => {
    isStopped = true;
    client.dispose();
  };
}
