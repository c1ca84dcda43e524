import { defineFunction, event, reject, schedule } from '@tradewind/core';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const fail = (what: unknown): void => {
  if (what === 'throw') throw new Error('it does not work');
  if (what === 'poison') throw reject('poison');
};

export const nightly = defineFunction
  .logger(quiet)('nightly', schedule({ cron: '30 3 * * MON-FRI' }))
  .handle(({ time }) =>
    fail(time.startsWith('2026-01-02') ? 'throw' : time.startsWith('2026-01-03') ? 'poison' : 'good'),
  );

export const shipped = defineFunction
  .logger(quiet)('shipped', event({ type: 'order.shipped' }))
  .handle(({ data }) => fail((data as { does?: unknown }).does));
