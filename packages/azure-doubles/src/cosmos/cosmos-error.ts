/** A refusal as Cosmos DB words it: HTTP status, code, and at times a sub-status. */
export class CosmosError extends Error {
  readonly status: number;
  readonly code: string;
  readonly subStatus: number | undefined;

  constructor(status: number, code: string, message: string, subStatus?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.subStatus = subStatus;
  }
}

export const badRequest = (message: string, subStatus?: number): CosmosError =>
  new CosmosError(400, 'BadRequest', message, subStatus);
export const notFound = (): CosmosError =>
  new CosmosError(404, 'NotFound', 'Entity with the specified id does not exist in the system.');
export const conflict = (): CosmosError =>
  new CosmosError(409, 'Conflict', 'Entity with the specified id already exists in the system.');
export const preconditionFailed = (): CosmosError =>
  new CosmosError(412, 'PreconditionFailed', 'One of the specified pre-condition is not met.');
export const tooLarge = (): CosmosError =>
  new CosmosError(413, 'RequestEntityTooLarge', 'The size of the request is too large.');
