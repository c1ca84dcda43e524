// Writes docs/delivery.md from what the bindings declare.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  eventGridDelivery,
  serviceBusDelivery,
  storageQueueDelivery,
  timerDelivery,
} from '../packages/adapters/src/azure/delivery.ts';
import { scheduleDelivery, queueDelivery as workersQueue } from '../packages/adapters/src/cloudflare/delivery.ts';
import { singleDelivery as eventarc, queueDelivery as pubSub } from '../packages/adapters/src/gcf/delivery.ts';
import { singleDelivery as eventBridge, queueDelivery as sqs } from '../packages/adapters/src/lambda/delivery.ts';
import { queueDelivery as nodeQueue, singleDelivery as nodeSingle } from '../packages/adapters/src/node/delivery.ts';
import type { DeliveryTable, Expression } from '../packages/adapters/src/shared/delivery.ts';

const TABLES: readonly DeliveryTable[] = [
  sqs,
  storageQueueDelivery,
  serviceBusDelivery,
  pubSub,
  workersQueue,
  nodeQueue,
  eventBridge,
  eventGridDelivery,
  timerDelivery,
  eventarc,
  scheduleDelivery,
  nodeSingle,
];
const PATH = join(import.meta.dirname, '../docs/delivery.md');

const HEAD = `# Delivery, platform by platform

<!-- Made by \`npm run docs\` from the bindings' own declarations: change those. -->

What a function says of a message ([queues](queues.md)), and what each platform is told. **native**: the platform has it.
**emulated**: made of what the platform has, or of what the function is given with \`on(fn, { ... })\`. **refused**: the
platform does not have it.
`;

/** The page. */
export function deliveryPage(): string {
  const parts = TABLES.map(({ platform, situations: said }) => {
    const rows = Object.entries<Expression>(said).map(([situation, { how, answer }]) => [
      situation,
      `**${how}**`,
      answer,
    ]);
    return `\n## ${platform}\n\n${table([['', 'how', 'what the platform is told'], ...rows])}`;
  });
  return `${HEAD}${parts.join('')}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |\n`;
  const [head = [], ...body] = rows;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row)),
  ].join('');
}

if (process.argv[1] === import.meta.filename) writeFileSync(PATH, deliveryPage());
