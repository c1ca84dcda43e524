// Tests of functions.
import { everyPlatform } from '@tradewind/adapters/testing';
import {
  deliver,
  deliverBatch,
  fakeBatch,
  fakeEvent,
  fakeHttp,
  fakeMessage,
  fakeRaw,
  fakeSchedule,
  invoke,
} from '@tradewind/core/testing';
import { charge, health, index, nightly, place, shipped } from './functions.js';

// error: not assignable
await invoke(charge, fakeHttp());
// error: not assignable
await invoke(place, fakeMessage({ orderId: '7', qty: 1 }));
// error: not assignable
await invoke(nightly, fakeMessage({}));
// error: not assignable
await invoke(shipped, fakeMessage({ orderId: '7', qty: 1 }));
// error: 'number' is not assignable to type 'string'
await invoke(charge, fakeMessage({ orderId: 7, qty: 1 }));
// error: 'qty' is missing
await invoke(charge, fakeMessage({ orderId: '7' }));
// error: 'qty' is missing
await invoke(shipped, fakeEvent({ orderId: '7' }));
// error: not assignable
await invoke(place, fakeHttp());
// error: 'number' is not assignable to type 'string'
await invoke(place, fakeHttp({ params: { id: '7' }, body: { orderId: 7, qty: 1 } }));
// error: 'id' is missing
await invoke(place, fakeHttp({ params: { order: '7' }, body: { orderId: '7', qty: 1 } }));
await invoke(
  health,
  fakeHttp({
    // error: 'header' does not exist
    header: { 'x-a': '1' },
  }),
);
// error: not assignable
await deliver(charge, fakeBatch([{ orderId: '7', qty: 1 }]));
// error: not assignable
await deliverBatch(index, fakeMessage({ orderId: '7', qty: 1 }));
// error: 'number' is not assignable to type 'string'
await deliverBatch(index, fakeBatch([{ orderId: 8, qty: 1 }]));
// error: 'orderId' does not exist
await invoke(charge, { orderId: '7', qty: 1 });
// error: not assignable
fakeSchedule(new Date());
// error: "event"
fakeRaw('event', {});
// error: 'deadline
await invoke(health, fakeHttp(), { deadlineMs: 1 });
// error: Property 'qty' does not exist
(await invoke(charge, fakeMessage({ orderId: '7', qty: 1 }))).qty;
// error: Property 'orderId' does not exist
(await invoke(place, fakeHttp({ params: { id: '7' }, body: { orderId: '7', qty: 1 } }))).orderId;
// error: not assignable
await everyPlatform(charge, fakeHttp());
