import * as functionsFramework from '@google-cloud/functions-framework';
import { gcf } from '@tradewind/adapters/gcf';
import { HTTP } from './functions.ts';

gcf(functionsFramework, ...HTTP);
