import { type Advice, explained } from '../explained.js';

const NO_LOGIN = 'AWS did not accept the credentials of the client: check its role, its keys and its region.';
const ADVICE: Advice = {
  ResourceNotFoundException:
    'The DynamoDB table of idempotency records does not exist in the region and the account of the client: create it with a string as its partition key and TTL on the attribute `ttl`, or correct `table` of dynamoStore(...).',
  ValidationException:
    'The key of the DynamoDB table does not fit: dynamoStore(...) needs a string as the partition key, named as in `keyAttribute` (default: id), and no sort key.',
  AccessDeniedException:
    'The role must be allowed dynamodb:PutItem, dynamodb:UpdateItem and dynamodb:GetItem on the table of idempotency records.',
  UnrecognizedClientException: NO_LOGIN,
  ExpiredTokenException: NO_LOGIN,
  CredentialsProviderError: NO_LOGIN,
};

/** An error of the client, with advice if it is a common mistake in the set-up. */
export function explainedBy(error: unknown): unknown {
  const { name, message } = (error ?? {}) as Partial<Error>;
  // Other invalid requests have the same name.
  const isOther = name === 'ValidationException' && !/\bkey\b/i.test(String(message));
  return isOther ? error : explained(error, ADVICE, name);
}
