/** The parts of Lambda's context that the adapter uses. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** The handler that Lambda calls. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** An event of an API Gateway REST API, or of an HTTP API with payload version 1.0, which has a `version`. */
export interface ApiGatewayV1Event {
  readonly version?: string;
  /** The route, such as `/orders/{id}`. */
  readonly resource: string;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly httpMethod: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly resourcePath: string; readonly stage: string };
}

/** An Application Load Balancer event: the same members, an encoded query, and one of the two forms of headers. */
export interface AlbEvent extends Omit<ApiGatewayV1Event, 'requestContext' | 'resource' | 'pathParameters'> {
  readonly requestContext: { readonly elb: { readonly targetGroupArn: string } };
}

/** An event of an API Gateway HTTP API (payload version 2.0) or a function URL. */
export interface ApiGatewayV2Event {
  readonly version: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly http: { readonly method: string };
    readonly stage: string;
    readonly apiId: string;
    readonly domainName: string;
  };
}

/** Any of these events, before it is known which one. */
export type NativeRequest = Partial<Omit<ApiGatewayV1Event & ApiGatewayV2Event, 'requestContext'>> & {
  readonly requestContext?: Partial<
    ApiGatewayV1Event['requestContext'] & ApiGatewayV2Event['requestContext'] & AlbEvent['requestContext']
  >;
};

/** One message of an {@link SqsEvent}. */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: {
    readonly ApproximateReceiveCount?: string | undefined;
    readonly SentTimestamp?: string | undefined;
    readonly MessageGroupId?: string | undefined;
    readonly AWSTraceHeader?: string | undefined;
  };
  readonly messageAttributes: Readonly<
    Record<
      string,
      {
        readonly dataType: string;
        readonly stringValue?: string | undefined;
        /** In base64. */
        readonly binaryValue?: string | undefined;
      }
    >
  >;
  readonly eventSource: string;
  readonly eventSourceARN: string;
}

/** A batch of messages. */
export interface SqsEvent {
  readonly Records: readonly SqsRecord[];
}

/** An EventBridge event. */
export interface EventBridgeEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** Which messages of a batch are to be redelivered. */
export interface SqsBatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}
