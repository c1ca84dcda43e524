import type { DemoRequest, Outside } from '../cases.ts';

/** What an HTTP client would see. */
export interface DemoAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly isReplayed: boolean;
}

/** The orders app, running somewhere. */
/** What the app is given wherever it runs. */
export interface Given {
  readonly REDIS_URL: string;
  readonly PAY_URL: string;
}

export interface DemoPlatform {
  readonly platform: string;
  readonly host: string;
  readonly version: string;
  /** Whether a message can be made to come again after a while. Where not, it comes again at once. */
  readonly delays: boolean;
  /** What runs in place of a part that cannot be had, for the last line of the table. */
  readonly standIns: readonly string[];
  request(request: DemoRequest): Promise<DemoAnswer>;
  /** What became of each message, sent as text: `ack`, `retry` or `retryLater`. */
  deliver(texts: readonly string[]): Promise<readonly string[]>;
  /** What became of each order that was placed: `charged`, or `dead`. */
  follow(orderIds: readonly string[]): Promise<readonly string[]>;
  /** Hands an event of a bus over, and says whether it was done. Absent where there are none. */
  event?(event: Outside): Promise<boolean>;
  /** What the app has logged so far. What it logged last may be on its way. */
  logs(): string;
  /** Runs the nightly report, due at a time. */
  report(due: string): Promise<void>;
  stop(): Promise<void>;
}

/** Which orders were charged, by what the function logged. */
export function charged(logs: string): readonly string[] {
  return Array.from(logs.matchAll(/"message":"Order charged\..*?"orderId":"([^"]+)"/g), ([, id = '']) => id);
}

/** How often an order was charged, by what the function logged. */
export function chargesIn(logs: string, orderId: string): number {
  return charged(logs).filter((id) => id === orderId).length;
}

/** The days on which a report was made, by what the function logged. */
export function reportsIn(logs: string): readonly string[] {
  return Array.from(logs.matchAll(/"message":"Day reported\..*?"day":"([^"]+)"/g), ([, day = '']) => day);
}

/** What became of an order. */
export function fate(orderId: string, logs: string, dead: readonly string[]): string {
  if (dead.includes(orderId)) return 'dead';
  return charged(logs).includes(orderId) ? 'charged' : 'lost';
}

/** The order of which a dead letter tells. */
export function orderIn(deadLetter: string): string {
  return (JSON.parse(deadLetter) as { data: { event: { id: string } } }).data.event.id;
}

/** Sends a request over the loopback. */
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
