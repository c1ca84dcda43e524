import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { lambda } from '@tradewind/adapters/lambda';
import { greeting } from './otlp-functions.ts';

export const handler = lambda(greeting(new OTLPTraceExporter()));
