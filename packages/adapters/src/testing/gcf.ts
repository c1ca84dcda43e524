import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip } from 'node:zlib';
import type { AnyFunction, CloudEvent } from '@tradewind/core';
import { type FunctionsFramework, gcf } from '../gcf/index.js';
import { PUB_SUB_TYPE } from '../shared/pub-sub.js';

/** Registers one function with a fake Functions Framework. */
export function onGcf(fn: AnyFunction): {
  readonly answer: (message: IncomingMessage, response: ServerResponse) => void;
  readonly run: (event: unknown) => Promise<void>;
} {
  let answer: Parameters<FunctionsFramework['http']>[1] = () => {};
  let run: Parameters<FunctionsFramework['cloudEvent']>[1] = async () => {};
  const framework: FunctionsFramework = {
    http(_name, handler) {
      answer = handler;
    },
    cloudEvent(_name, handler) {
      run = handler;
    },
  };
  gcf(framework, fn);
  return {
    run,
    // The framework reads and decompresses the body before a function sees the request.
    async answer(message, response) {
      const chunks: Buffer[] = [];
      const isPacked = message.headers['content-encoding'] === 'gzip';
      for await (const chunk of isPacked ? message.pipe(createGunzip()) : message) chunks.push(chunk as Buffer);
      const read =
        chunks.length > 0 ? { rawBody: Buffer.concat(chunks), executionId: 'fake' } : { executionId: 'fake' };
      answer(Object.assign(message, read), response);
    },
  };
}

const TOPIC = '//pubsub.googleapis.com/projects/fake/topics/fake';

/** A message as a Pub/Sub subscription pushes it. */
export function toPubSub({ id, time, data, extensions, traceparent, tracestate }: CloudEvent, attempt: number): object {
  const attributes = { ...extensions, traceparent, tracestate };
  const text = typeof data === 'string' ? data : JSON.stringify(data ?? null);
  return {
    message: {
      messageId: id,
      message_id: id,
      publishTime: time,
      publish_time: time,
      data: Buffer.from(text).toString('base64'),
      attributes: Object.fromEntries(
        Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
      ),
    },
    subscription: 'projects/fake/subscriptions/fake',
    deliveryAttempt: attempt,
  };
}

/** The CloudEvent in which Eventarc passes a message. */
export function toPublished(message: CloudEvent, attempt: number): object {
  return toCloudEvent({ ...message, source: TOPIC, extensions: {}, data: toPubSub(message, attempt) }, PUB_SUB_TYPE);
}

/** A CloudEvent as the framework passes it, and as it is posted. */
export function toCloudEvent({ id, source, time, subject, data, extensions }: CloudEvent, type: string): object {
  const more = { ...(time && { time }), ...(subject && { subject }) };
  return { ...extensions, specversion: '1.0', id, source, type, ...more, datacontenttype: 'application/json', data };
}
