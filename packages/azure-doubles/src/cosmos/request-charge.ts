/**
 * What Azure would charge, roughly, in request units: linear between the two points that its documentation gives ("Request Units in
 * Azure Cosmos DB": an item of 1 kB is read for 1 RU and written for about 5, one of 100 kB for 10 and 50), and a query's floor of 2.3
 * plus a reading of what it returns. For estimates; the bill is Azure's.
 */
const between = (first: number, hundredth: number, bytes: number): number =>
  first + ((hundredth - first) / 99) * Math.max(0, bytes / 1024 - 1);

export const readCharge = (bytes: number): number => between(1, 10, bytes);
export const writeCharge = (bytes: number): number => between(5, 50, bytes);
export const queryCharge = (bytes: number): number => 2.3 + bytes / 10_240;
