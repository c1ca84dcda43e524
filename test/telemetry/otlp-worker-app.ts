import { env } from 'cloudflare:workers';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { cloudflare } from '@tradewind/adapters/cloudflare';
import { greeting } from './otlp-functions.ts';

const { COLLECTOR } = env as { COLLECTOR: string };
export default cloudflare(greeting(new OTLPTraceExporter({ url: `${COLLECTOR}/v1/traces` })));
