/** Steps of the loop that a hook may have a word in. */
export const functionNames = ['precorrelation', 'prepolicy', 'preclientpayload', 'predispatch'] as const;
