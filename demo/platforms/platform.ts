import type { DemoRequest, Outside } from '../cases.ts';

/** A response as an HTTP client sees it. */
export interface DemoAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly isReplayed: boolean;
}

/** The environment variables of the app on every platform. */
export interface Given {
  readonly REDIS_URL: string;
  readonly PAY_URL: string;
}

/** The orders app, running on a platform. */
export interface DemoPlatform {
  readonly platform: string;
  readonly host: string;
  readonly version: string;
  /** Whether the redelivery of a message can be delayed. */
  readonly delays: boolean;
  /** The parts that are replaced by stand-ins, for the line below the table. */
  readonly standIns: readonly string[];
  request(request: DemoRequest): Promise<DemoAnswer>;
  /** Sends each text as a message, and returns the outcomes: `ack`, `retry` or `retryLater`. */
  deliver(texts: readonly string[]): Promise<readonly string[]>;
  /** Delivers the orders that were placed, and returns for each one whether it is `charged` or `dead`. */
  follow(orderIds: readonly string[]): Promise<readonly string[]>;
  /** Delivers an event of a bus, and returns whether it was handled. Missing on platforms without events. */
  event?(event: Outside): Promise<boolean>;
  /** The app's log so far. The last lines may arrive late. */
  logs(): string;
  /** Runs the nightly report for the time at which it is due. */
  report(due: string): Promise<void>;
  stop(): Promise<void>;
}

/** The orders that were charged, from the function's log. */
export function charged(logs: string): readonly string[] {
  return Array.from(logs.matchAll(/"message":"Order charged\..*?"orderId":"([^"]+)"/g), ([, id = '']) => id);
}

/** How often an order was charged, from the function's log. */
export function chargesIn(logs: string, orderId: string): number {
  return charged(logs).filter((id) => id === orderId).length;
}

/** The days for which a report was made, from the function's log. */
export function reportsIn(logs: string): readonly string[] {
  return Array.from(logs.matchAll(/"message":"Day reported\..*?"day":"([^"]+)"/g), ([, day = '']) => day);
}

/** How an order ended: `dead`, `charged` or `lost`. */
export function fate(orderId: string, logs: string, dead: readonly string[]): string {
  if (dead.includes(orderId)) return 'dead';
  return charged(logs).includes(orderId) ? 'charged' : 'lost';
}

/** The id of the order in a dead letter. */
export function orderIn(deadLetter: string): string {
  return (JSON.parse(deadLetter) as { data: { event: { id: string } } }).data.event.id;
}

/** Sends a request to the host. */
export async function over(
  host: { fetch(path: string, init?: RequestInit): Promise<Response> },
  { method, path, type, body, key }: DemoRequest,
): Promise<DemoAnswer> {
  const headers = { ...(type && { 'content-type': type }), ...(key && { 'idempotency-key': key }) };
  const response = await host.fetch(path, { method, headers, body: body ?? null });
  const contentType = response.headers.get('content-type') ?? '';
  const isReplayed = response.headers.get('idempotency-replayed') === 'true';
  return { status: response.status, contentType, body: await response.text(), isReplayed };
}
