// The minimum that every handler must do: parse the bodies and do the work.
import { handled } from '../batch-event.ts';

export const handler = async ({ Records }: { Records: { body: string }[] }): Promise<unknown> => {
  for (const { body } of Records) handled(JSON.parse(body) as { orderId: string });
  return { batchItemFailures: [] };
};
