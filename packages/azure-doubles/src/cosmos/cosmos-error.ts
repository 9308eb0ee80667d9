/** A refusal as Cosmos DB words it: HTTP status, code, and at times a sub-status. */
export class CosmosError extends Error {
  readonly status: number;
  readonly code: string;
  readonly subStatus: number | undefined;

  readonly retryAfterMs: number | undefined;

  constructor(status: number, code: string, message: string, subStatus?: number, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.subStatus = subStatus;
    this.retryAfterMs = retryAfterMs;
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
/** What was read by its range has split ("Troubleshoot Azure Cosmos DB service unavailable exceptions": 410, sub-status 1002). */
export const gone = (range: string): CosmosError =>
  new CosmosError(410, 'Gone', `The partition key range '${range}' is gone.`, 1002);
/** More request units were asked for in this second than are there ("Request rate too large": 429, sub-status 3200). */
export const tooManyRequests = (retryAfterMs: number): CosmosError =>
  new CosmosError(
    429,
    'TooManyRequests',
    'Request rate is large. More Request Units may be needed.',
    3200,
    retryAfterMs,
  );
export const unauthorized = (message: string): CosmosError => new CosmosError(401, 'Unauthorized', message);
