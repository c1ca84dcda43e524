/**
 * The building blocks of adapters. An adapter converts a platform's event for a function, runs the function and
 * converts its value for the platform. Everything that is the same on all platforms is here.
 *
 * @module
 */
export { fromBase64, toBase64 } from './base64.js';
export { after, inTime } from './context/clock.js';
export { InvocationContext } from './context/context.js';
export { CREDENTIAL } from './context/credentials.js';
export type { Fault } from './context/invocation.js';
export { Invocation } from './context/invocation.js';
export type { LogSink } from './context/logger.js';
export { report, withoutSecrets } from './context/logger.js';
export { scrubbed } from './context/secrets.js';
export { batchResults, heldBack } from './delivery/batch.js';
export type { Delivery, Settlement } from './delivery/deliver.js';
export { downgraded } from './delivery/downgraded.js';
export { toStructured } from './delivery/structured.js';
export { propagateBy, type TraceFields } from './delivery/trace.js';
export { deployed, wired } from './delivery/wiring.js';
export { done } from './done.js';
export { checkOptions, describe, isError, misconfigured, mustBe, mustBePositive, statusOf } from './errors.js';
export { checkFunction } from './function/check.js';
export type { NextWith } from './function/middleware.js';
export { isResult } from './function/middleware.js';
export type { BodySource, RawBody } from './http/body.js';
export { checkSize, limited } from './http/body.js';
export { HttpRequestEvent } from './http/event.js';
export type { FinalResult } from './http/finalize.js';
export { finalizeHttp } from './http/finalize.js';
export { followed, sourceOf } from './http/followed.js';
export { allowed } from './http/parse.js';
export { decodePercent } from './http/percent.js';
export { recoverHttp } from './http/problem.js';
export { bytesIn, isBytes, isStream, toHttpResult } from './http/result.js';
export { isRefusal, thrownBehind } from './http/thrown.js';
export { toJson } from './json.js';
export { groupOf } from './messages/group.js';
export type { QueueTrigger } from './messages/queue.js';
export { rawData } from './messages/raw.js';
export { normalCron } from './messages/schedule.js';
export { emit } from './observe.js';
export { withoutMark } from './text.js';
export type { Awaitable } from './thenable.js';
export { andThen, isThenable } from './thenable.js';
