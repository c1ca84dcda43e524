export type { Clock } from './context/clock.js';
export { systemClock } from './context/clock.js';
export type { Context } from './context/context.js';
export type { EnvProvider, EnvProviderOptions } from './context/env-provider.js';
export { envProvider } from './context/env-provider.js';
export type { Logger } from './context/logger.js';
export { consoleLogger } from './context/logger.js';
export type { DeadLetter, ErrorDescription } from './delivery/dead-letter.js';
export type { Outcome } from './delivery/deliver.js';
export type { Sender, SendOptions } from './delivery/sender.js';
export { sender } from './delivery/sender.js';
export type { DeliverySignal } from './delivery/signal.js';
export { isDeliverySignal, reject, retryLater } from './delivery/signal.js';
export type { Transport, TransportOptions } from './delivery/transport.js';
export type { Wiring } from './delivery/wiring.js';
export type { ErrorCode, FunctionErrorOptions } from './errors.js';
export { FunctionError, isFunctionError } from './errors.js';
export type { Annotation, HeaderAnnotation, ResponseAnnotation, SecurityScheme } from './function/annotate.js';
export { annotate, annotationOf } from './function/annotate.js';
export type {
  AnyFunction,
  FunctionBase,
  FunctionBuilder,
  FunctionOf,
  TradewindFunction,
  Trigger,
} from './function/define.js';
export { defineFunction } from './function/define.js';
export type { AnyEvent, BeforeParsing, Layer, Next, Result } from './function/middleware.js';
export { beforeParsing, defineMiddleware, reply } from './function/middleware.js';
export type { EventOf, Kind, TriggerBase } from './function/trigger.js';
export type { CookieAttributes } from './http/cookies.js';
export { cookie } from './http/cookies.js';
export type { HttpEvent, HttpHeaders } from './http/event.js';
export type { PathParams } from './http/path.js';
export type { ProblemIssue } from './http/problem.js';
export type { MultiRecord } from './http/records.js';
export type { HttpResult, Problem, ResultHeaders, ResultInit } from './http/result.js';
export { bytes, empty, html, json, problem, redirect, text } from './http/result.js';
export type { HttpInput, HttpMethod, HttpOptions, HttpTrigger } from './http/trigger.js';
export { http } from './http/trigger.js';
export type { BatchMessage, CloudEvent, QueueBatch } from './messages/event.js';
export type { EventOptions, EventTrigger } from './messages/event-trigger.js';
export { event } from './messages/event-trigger.js';
export type { QueueOptions, QueueTrigger, SingleQueueTrigger } from './messages/queue.js';
export { queue } from './messages/queue.js';
export type { ScheduleEvent, ScheduleOptions, ScheduleTrigger } from './messages/schedule.js';
export { schedule } from './messages/schedule.js';
export type { SingleOptions, SingleTrigger } from './messages/single.js';
export type { Listener, Observed, ObservedEvents } from './observe.js';
export { observe } from './observe.js';
export type { PlainSchema, SchemaIssue, SchemaResult, StandardSchema } from './schema.js';
