import { node, on } from '@tradewind/adapters/node';
import { carried, place } from './functions.ts';

const { port } = await node(on(place, { send: { orders: carried } })).listen();
console.log(port);
