import { CosmosClient, type Container } from '@azure/cosmos';
import type { Doubles } from './on-doubles.ts';
import { containerName, databaseName } from './layout.ts';

const inContainer = async <T>({ environment }: Doubles, work: (container: Container) => Promise<T>): Promise<T> => {
  const client = new CosmosClient(environment.Cosmos);
  try {
    return await work(client.database(databaseName).container(containerName));
  } finally {
    client.dispose();
  }
};

/** All documents as they are now, for an account that shall be as this one was. */
export async function backUp(doubles: Doubles): Promise<{ restoreInto(others: Doubles): Promise<void> }> {
  const { resources } = await inContainer(doubles, (container) => container.items.readAll().fetchAll());
  return {
    restoreInto: (others) =>
      inContainer(others, async (container) => {
        for (const item of resources) await container.items.create(item);
      }),
  };
}
