// What no handler can do without: the bodies parsed, the work done.
import { handled } from '../batch-event.ts';

export const handler = async ({ Records }: { Records: { body: string }[] }): Promise<unknown> => {
  for (const { body } of Records) handled(JSON.parse(body) as { orderId: string });
  return { batchItemFailures: [] };
};
