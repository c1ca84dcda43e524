import { node } from '@tradewind/adapters/node';
import { breaks, fails, greet, later, pay, placeOrder, streams, upload } from './functions.js';

const app = node(placeOrder, greet, later, pay, upload, fails, streams, breaks);
const { port } = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`http://127.0.0.1:${port}`);
