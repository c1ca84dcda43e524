import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
// @ts-expect-error it has no types
import dynalite from 'dynalite';

/** DynamoDB's API on loopback, in memory, with tables of one text each. */
export async function dynamodb(
  ...tables: string[]
): Promise<{ readonly client: DynamoDB; readonly url: string } & AsyncDisposable> {
  const server: Server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = new DynamoDB({
    endpoint: url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  for (const TableName of tables) {
    await client.createTable({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
  }
  return {
    client,
    url,
    async [Symbol.asyncDispose]() {
      client.destroy();
      server.close();
    },
  };
}
