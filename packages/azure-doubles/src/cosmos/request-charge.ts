/** One operation on documents, with its price in request units. */
export interface Priced {
  /** `read`, `create`, `replace`, `delete`, `query`. An upsert is what it comes to. */
  readonly kind: string;
  readonly charge: number;
  /** The same if a replacement cost no more than an insert, as older figures of this project have it. */
  readonly uniformCharge: number;
}

/**
 * What Azure would charge, roughly, in request units: linear between the two points that its documentation gives ("Request Units in
 * Azure Cosmos DB": an item of 1 kB is read for 1 RU and written for about 5, one of 100 kB for 10 and 50; a replacement costs about
 * twice an insert), and a query's floor of 2.3 plus a reading of what it returns. For estimates; the bill is Azure's.
 */
const between = (first: number, hundredth: number, bytes: number): number =>
  first + ((hundredth - first) / 99) * Math.max(0, bytes / 1024 - 1);

const plain = (kind: string, charge: number): Priced => ({ kind, charge, uniformCharge: charge });

export const readPrice = (bytes: number): Priced => plain('read', between(1, 10, bytes));
export const createPrice = (bytes: number): Priced => plain('create', between(5, 50, bytes));
export const deletePrice = (bytes: number): Priced => plain('delete', between(5, 50, bytes));
export const queryPrice = (bytes: number): Priced => plain('query', 2.3 + bytes / 10_240);
/** Of a page of the change feed: what it returns is read; asking in vain costs something, too. */
export const feedPrice = (bytes: number): Priced => plain('feed', Math.max(1, bytes / 1024));
export const replacePrice = (bytes: number): Priced => {
  const insert = between(5, 50, bytes);
  return { kind: 'replace', charge: 2 * insert, uniformCharge: insert };
};
/** Of a question whose document is not there, or has not changed. */
export const missPrice = plain('read', 1);
