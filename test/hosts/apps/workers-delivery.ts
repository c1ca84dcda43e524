import { cloudflare, on, queueBinding } from '@tradewind/adapters/cloudflare';
import { defineFunction, http } from '@tradewind/core';
import { jobs } from './delivery.ts';

const handled: string[] = [];
const fn = jobs({ done: (id) => handled.push(id) }, { timeout: 2_000 });
const ledger = defineFunction('ledger', http({ method: 'GET', path: '/ledger' })).handle(() => handled);

export default cloudflare(on(fn, { deadLetter: queueBinding('SINK') }), ledger);
