import * as functionsFramework from '@google-cloud/functions-framework';
import { gcf, on } from '@tradewind/adapters/gcf';
import { nightly, shipped, sink, texts, work } from './messages.ts';

gcf(functionsFramework, on(work, { deadLetter: sink }), texts, nightly, shipped);
