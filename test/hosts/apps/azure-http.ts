import { app } from '@azure/functions';
import { azure } from '@tradewind/adapters/azure';
import { HTTP } from './functions.ts';

if (process.env.STREAMS) app.setup({ enableHttpStream: true });
azure(app, ...HTTP);
