// One of several processes: calls the service for a given time, through a circuit that they share.
import { circuitBreaker, isRefused, resilientFetch } from '@tradewind/resilience';
import { redisBreakerStore } from '@tradewind/resilience/redis';
import { Redis } from 'ioredis';

const [redisPort, service, openFor = '0', until = '0'] = process.argv.slice(2);
const client = new Redis({ port: Number(redisPort), maxRetriesPerRequest: 1 });
client.on('error', () => {});
const breaker = circuitBreaker({
  name: 'service',
  window: { ms: 2_000, minimum: 5 },
  openFor: Number(openFor),
  refresh: 50,
  store: redisBreakerStore(client),
});
const call = resilientFetch(breaker);
const seen = { up: 0, down: 0, refused: 0 };
while (Date.now() < Number(until)) {
  try {
    seen[(await call(String(service))).ok ? 'up' : 'down']++;
  } catch (error) {
    seen[isRefused(error) ? 'refused' : 'down']++;
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
client.disconnect();
console.log(JSON.stringify({ ...seen, state: breaker.state }));
