// Lines for CloudWatch: of the default logger, of jsonLogger and of emf.
import { lambda } from '@tradewind/adapters/lambda';
import { defineFunction, http, json } from '@tradewind/core';
import { emf } from '@tradewind/telemetry/emf';
import { jsonLogger } from '@tradewind/telemetry/logging';

const measured = defineFunction.use(emf({ namespace: 'Shop' }));
const byDefault = measured('by-default', http({ method: 'GET', path: '/default' })).handle((_event, { log }) => {
  log.error('Said.', { order: 1 });
  return json(200, {});
});
const sampled = measured
  .logger(jsonLogger({ level: 'error', sampling: 1 }))('sampled', http({ method: 'GET', path: '/sampled' }))
  .handle((_event, { log }) => {
    log.debug('Said.', { order: 2 });
    return json(200, {});
  });

export const handler = lambda(byDefault, sampled);
