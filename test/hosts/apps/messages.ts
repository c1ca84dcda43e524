import { defineFunction, queue, type Transport } from '@tradewind/core';
import { jobs } from './delivery.ts';
import { nightly, shipped } from './singles.ts';

/** Logs what was done to the console, where the test reads it. */
export const work = jobs({ done: (id) => console.log(`done ${id}`) }, { timeout: 2_000 });

/** Logs exactly what was received. */
export const texts = defineFunction('texts', queue({ queue: 'texts' })).handle(({ id, data }) =>
  console.log(`text ${JSON.stringify([id, data])}`),
);

/** Handles a batch, in which each message fails on its own. */
export const bulk = defineFunction
  .logger({ debug() {}, info() {}, warn() {}, error() {} })('bulk', queue({ queue: 'bulk' }).batch())
  .handle(({ messages }) =>
    Promise.allSettled(
      messages.map(async ({ data }) => {
        if ((data as { does?: string }).does === 'throw') throw new Error('it does not work');
        console.log(`bulk ${(data as { id: string }).id}`);
      }),
    ),
  );

export const sink: Transport = {
  async send({ id }) {
    console.log(`sink ${id}`);
  },
};

export { nightly, shipped };
