import { node, on } from '@tradewind/adapters/node';
import { nightly, shipped, sink, texts, work } from './messages.ts';

const { port } = await node(on(work, { deadLetter: sink }), texts, nightly, shipped).listen({
  port: 0,
  host: '127.0.0.1',
});
console.log(port);
