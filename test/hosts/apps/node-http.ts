import { node } from '@tradewind/adapters/node';
import { HTTP } from './functions.ts';

const { port } = await node(...HTTP).listen({ port: 0, host: '127.0.0.1' });
console.log(port);
