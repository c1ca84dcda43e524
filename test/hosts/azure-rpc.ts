/**
 * Values as the host of Azure Functions sends them to its worker: a number, a time or an object is JSON, a list of numbers of
 * 64 bits or of texts is typed.
 *
 * @see https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.Grpc/MessageExtensions/GrpcMessageConversionExtensions.cs
 */
export type Rpc = Readonly<Record<string, unknown>>;

export const json = (value: unknown): Rpc => ({ json: JSON.stringify(value) });

/**
 * A number of 64 bits in a list, as the worker's decoder makes it: its methods are in the prototype, so that the library
 * hands over nothing but the halves.
 */
export class Long {
  readonly low: number;
  readonly high: number;
  readonly unsigned = false;
  constructor(value: bigint) {
    this.low = Number(BigInt.asIntN(32, value));
    this.high = Number(value >> 32n);
  }
  toNumber(): number {
    return this.high * 2 ** 32 + (this.low >>> 0);
  }
  toString(): string {
    return String((BigInt(this.high) << 32n) | BigInt(this.low >>> 0));
  }
}

export const longList = (values: readonly bigint[]): Rpc => ({
  collectionSint64: { sint64: values.map((value) => new Long(value)) },
});

/** Texts in a list. The worker does not ask for empty ones, so the host leaves them out. */
export const textList = (texts: readonly string[]): Rpc => ({ collectionString: { string: texts.filter(Boolean) } });

/** The host's metadata for a message of a storage queue. */
export function storageMetadata(id: string, dequeueCount: number, insertedOn: Date, text: string) {
  return {
    Id: { string: id },
    DequeueCount: json(dequeueCount),
    InsertionTime: json(insertedOn),
    ExpirationTime: json(insertedOn),
    NextVisibleTime: json(insertedOn),
    PopReceipt: { string: 'receipt' },
    QueueTrigger: { string: text },
  };
}

/** The host's metadata for a batch of Service Bus. */
export function busMetadata(ids: readonly string[], sequences: readonly bigint[]): Readonly<Record<string, Rpc>> {
  return {
    MessageIdArray: textList(ids),
    DeliveryCountArray: json(ids.map(() => 1)),
    SequenceNumberArray: longList(sequences),
    LockTokenArray: textList(ids.map(() => crypto.randomUUID())),
  };
}
