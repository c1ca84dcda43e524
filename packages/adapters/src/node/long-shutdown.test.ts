import { defineFunction, http, text } from '@tradewind/core';
import { expect, test } from 'vitest';
import { node } from './index.js';

test.each([2 ** 31, Number.POSITIVE_INFINITY])('a shutdown of up to %s ms waits for a running request', async (ms) => {
  let begun = (): void => {};
  const running = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = defineFunction('slow', http({ method: 'GET', path: '/slow' })).handle(async () => {
    begun();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return text(200, 'done');
  });
  const { port, close } = await node(slow).listen({ port: 0, shutdownTimeout: ms });
  const response = fetch(`http://localhost:${port}/slow`);
  await running;
  await close();
  expect(await (await response).text()).toBe('done');
});
