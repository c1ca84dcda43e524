import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { node } from '@tradewind/adapters/node';
import { greeting } from './otlp-functions.ts';

const { port } = await node(greeting(new OTLPTraceExporter())).listen();
console.log(port);
