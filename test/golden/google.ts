/** Requests as Google Cloud sends them. */
export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const json = { 'content-type': 'application/json' };
const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** https://cloud.google.com/pubsub/docs/push#receive_push, with an ordering key, a trace and a dead-letter topic. */
export const push: Sent = {
  headers: json,
  body: {
    deliveryAttempt: 5,
    message: {
      attributes: { key: 'value', googclient_traceparent: TRACE },
      data: 'SGVsbG8gQ2xvdWQgUHViL1N1YiEgSGVyZSBpcyBteSBtZXNzYWdlIQ==',
      messageId: '2070443601311540',
      message_id: '2070443601311540',
      orderingKey: 'key',
      publishTime: '2021-02-26T19:13:55.749Z',
      publish_time: '2021-02-26T19:13:55.749Z',
    },
    subscription: 'projects/myproject/subscriptions/mysubscription',
  },
};

/** Eventarc, binary: https://cloud.google.com/eventarc/docs/cloudevents#pubsub */
export const published: Sent = {
  headers: {
    ...json,
    'ce-id': '2070443601311540',
    'ce-specversion': '1.0',
    'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
    'ce-source': '//pubsub.googleapis.com/projects/myproject/topics/mytopic',
    'ce-time': '2021-02-26T19:13:55.749Z',
  },
  body: push.body,
};

/** The same event, structured. */
export const publishedStructured: Sent = {
  headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
  body: {
    specversion: '1.0',
    id: '2070443601311540',
    source: '//pubsub.googleapis.com/projects/myproject/topics/mytopic',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    time: '2021-02-26T19:13:55.749Z',
    datacontenttype: 'application/json',
    data: push.body,
  },
};

/** A job of Cloud Scheduler's through a topic. */
export const scheduled: Sent = {
  headers: published.headers,
  body: {
    message: { data: 'cnVu', messageId: '7', publishTime: '2026-01-05T03:30:00.412Z' },
    subscription: 'projects/myproject/subscriptions/eventarc-sub',
  },
};

/** https://cloud.google.com/eventarc/docs/cloudevents#storage */
export const stored: Sent = {
  headers: {
    ...json,
    'ce-id': '5e9f24a-1234',
    'ce-specversion': '1.0',
    'ce-type': 'google.cloud.storage.object.v1.finalized',
    'ce-source': '//storage.googleapis.com/projects/_/buckets/my-bucket',
    'ce-subject': 'objects/my-file%20%C3%A9.txt',
    'ce-time': '2021-10-05T21:20:33.1Z',
    'ce-bucket': 'my-bucket',
    traceparent: TRACE,
  },
  body: { bucket: 'my-bucket', name: 'my-file.txt', size: '352', generation: '1587627537231057' },
};

/** https://cloud.google.com/scheduler/docs/reference/rpc/google.cloud.scheduler.v1#httptarget */
export const posted: Sent = {
  headers: {
    'content-type': 'application/octet-stream',
    'user-agent': 'Google-Cloud-Scheduler',
    'x-cloudscheduler': 'true',
    'x-cloudscheduler-jobname': 'nightly',
    'x-cloudscheduler-scheduletime': '2026-01-05T03:30:00.123456Z',
  },
  body: undefined,
};
