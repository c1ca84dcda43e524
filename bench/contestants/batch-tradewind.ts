import { lambda } from '@tradewind/adapters/lambda/queue';
import { defineFunction, queue } from '@tradewind/core';
import { handled } from '../batch-event.ts';

export const handler = lambda(
  defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => handled(data as { orderId: string })),
);
