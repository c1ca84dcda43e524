import { createRequire } from 'node:module';
import { json, longList, type Rpc, textList } from '../hosts/azure-rpc.ts';

/**
 * Events as the host of Azure Functions sends them to its worker, and as the vendor's library hands them over from there:
 * its own converters run. `dataType: 'binary'` has the host send bytes.
 */
export interface Sent {
  readonly type: 'httpTrigger' | 'queueTrigger' | 'serviceBusTrigger' | 'timerTrigger' | 'eventGridTrigger';
  readonly data: Rpc;
  readonly metadata?: Readonly<Record<string, Rpc>>;
}

interface Model {
  getInvocationModel(context: object): { getArguments(): Promise<{ context: Arrived['context']; inputs: unknown[] }> };
}
/** What a handler is called with. */
export interface Arrived {
  readonly trigger: unknown;
  readonly context: { readonly invocationId: string; readonly triggerMetadata?: Readonly<Record<string, unknown>> };
}

/** The vendor's own programming model, which its library gives to the host that it finds. */
function vendorsModel(): Model {
  const require = createRequire(import.meta.url);
  const { Module } = require('node:module') as { Module: { _load(name: string, ...rest: unknown[]): unknown } };
  const load = Module._load;
  let model: Model | undefined;
  const core = {
    version: '4.0.0',
    registerFunction: () => ({ dispose() {} }),
    registerHook: () => ({ dispose() {} }),
    setProgrammingModel(given: Model) {
      model = given;
    },
    getProgrammingModel: () => model,
    log() {},
  };
  Module._load = (name, ...rest) => (name === '@azure/functions-core' ? core : load(name, ...rest));
  try {
    const { app } = require('@azure/functions') as typeof import('@azure/functions');
    // It looks for its host when the first function is registered.
    app.timer('first', { schedule: '0 0 0 * * *', handler() {} });
  } finally {
    Module._load = load;
  }
  if (!model) throw new Error('The library of Azure Functions did not find its host.');
  return model;
}

const model = vendorsModel();

/** An event as a handler gets it. */
export async function arrived({ type, data, metadata = {} }: Sent): Promise<Arrived> {
  const invocation = model.getInvocationModel({
    invocationId: '6f9c2d7e-0f2b-4a6a-9a8e-1f1b9a3d2c11',
    metadata: { name: 'f', bindings: { trigger: { type, direction: 'in' } } },
    request: {
      inputData: [{ name: 'trigger', data }],
      triggerMetadata: metadata,
      traceContext: { traceParent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, traceState: '' },
    },
    log() {},
  });
  const { context, inputs } = await invocation.getArguments();
  return { trigger: inputs[0], context };
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger */
export const http: Sent = {
  type: 'httpTrigger',
  data: {
    http: {
      method: 'POST',
      url: 'https://app.azurewebsites.net/api/my/path?parameter1=value1&parameter1=value2&parameter2=value',
      headers: {
        header1: 'value1',
        header2: 'value1, value2',
        'content-type': 'text/plain',
        cookie: 'cookie1=one; cookie2=two',
      },
      query: { parameter1: 'value1,value2', parameter2: 'value' },
      params: { name: 'path' },
      body: { bytes: Buffer.from('Hello from Azure') },
    },
  },
};

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#message-metadata */
export const storageQueue: Sent = {
  type: 'queueTrigger',
  data: { bytes: Buffer.from('{"orderId":"1"}') },
  metadata: {
    QueueTrigger: { string: '{"orderId":"1"}' },
    Id: { string: '31b2a1c5-8d6d-4b6f-9b0e-6c2c2c9c2f10' },
    DequeueCount: json(2),
    PopReceipt: { string: 'AgAAAAMAAAAAAAAA' },
    InsertionTime: json('2026-01-01T03:30:00+00:00'),
    ExpirationTime: json('2026-01-08T03:30:00+00:00'),
    NextVisibleTime: json('2026-01-01T03:40:00+00:00'),
    sys: json({ MethodName: 'f', UtcNow: '2026-01-01T03:30:01Z', RandGuid: '00000000-0000-0000-0000-000000000000' }),
  },
};

const APPLICATION_PROPERTIES = { Tenant: 'acme', 'Diagnostic-Id': `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus-trigger#message-metadata */
export const serviceBus: Sent = {
  type: 'serviceBusTrigger',
  data: { bytes: Buffer.from('{"orderId":"1"}') },
  metadata: {
    MessageId: { string: 'order-1' },
    DeliveryCount: json(3),
    EnqueuedTimeUtc: json('2026-01-01T03:30:00.5'),
    ExpiresAtUtc: json('2026-01-15T03:30:00.5'),
    SequenceNumber: json(17),
    SessionId: { string: '42' },
    ContentType: { string: 'application/json' },
    CorrelationId: { string: 'c-1' },
    Subject: { string: 'order' },
    ReplyTo: { string: 'replies' },
    To: { string: 'orders' },
    DeadLetterSource: { string: 'orders/$DeadLetterQueue' },
    LockToken: { string: '8b3b2c0e-6f0e-4d55-a8b8-111111111111' },
    ApplicationProperties: json(APPLICATION_PROPERTIES),
  },
};

/** Several messages: what is said of each stands in lists. */
export const serviceBusMany: Sent = {
  type: 'serviceBusTrigger',
  data: { collectionBytes: { bytes: [Buffer.from('{"orderId":"1"}'), Buffer.from('89e7073266')] } },
  metadata: {
    MessageIdArray: textList(['order-1', '89e7073266']),
    DeliveryCountArray: json([1, 2]),
    EnqueuedTimeUtcArray: json(['2026-01-01T03:30:00', '2026-01-01T03:30:01']),
    ExpiresAtUtcArray: json(['2026-01-15T03:30:00', '2026-01-15T03:30:01']),
    SequenceNumberArray: longList([17n, 18n]),
    LockTokenArray: textList(['8b3b2c0e-6f0e-4d55-a8b8-111111111111', '8b3b2c0e-6f0e-4d55-a8b8-222222222222']),
    SessionIdArray: textList(['s-1', '42']),
    ContentTypeArray: textList(['application/json', 'text/plain']),
    ApplicationPropertiesArray: json([APPLICATION_PROPERTIES, {}]),
  },
};

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer */
export const timer: Sent = {
  type: 'timerTrigger',
  data: json({
    Schedule: { AdjustForDST: true },
    ScheduleStatus: {
      Last: '2026-01-01T03:30:00+00:00',
      LastUpdated: '2026-01-01T03:30:00+00:00',
      Next: '2026-01-02T03:30:00+00:00',
    },
    IsPastDue: false,
  }),
};

/** https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage */
export const eventGrid: Sent = {
  type: 'eventGridTrigger',
  data: json({
    topic: '/subscriptions/s/resourceGroups/Storage/providers/Microsoft.Storage/storageAccounts/my-account',
    subject: '/blobServices/default/containers/test-container/blobs/new-file.txt',
    eventType: 'Microsoft.Storage.BlobCreated',
    eventTime: '2017-06-26T18:41:00.9584103Z',
    id: '831e1650-001e-001b-66ab-eeb76e069631',
    data: { api: 'PutBlockList', contentType: 'text/plain', contentLength: 524288, blobType: 'BlockBlob' },
    dataVersion: '',
    metadataVersion: '1',
  }),
};

/** https://learn.microsoft.com/azure/event-grid/cloud-event-schema */
export const cloudEvent: Sent = {
  type: 'eventGridTrigger',
  data: json({
    specversion: '1.0',
    type: 'Microsoft.Storage.BlobCreated',
    source: '/subscriptions/s/resourceGroups/Storage/providers/Microsoft.Storage/storageAccounts/my-account',
    id: '9aeb0fdf-c01e-0131-0922-9eb54906e209',
    time: '2019-11-18T15:13:39.4589254Z',
    subject: 'blobServices/default/containers/my-container/blobs/new-file.txt',
    dataschema: '#',
    traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`,
    data: { api: 'PutBlockList', contentLength: 524288 },
  }),
};
