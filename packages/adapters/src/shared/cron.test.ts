import { describe, expect, test } from 'vitest';
import { lastDue } from './cron.js';

const at = (text: string): number => Date.parse(text);

describe('lastDue finds the last time of a schedule', () => {
  test.each([
    ['* * * * *', '2026-03-04T05:06:07Z', '2026-03-04T05:06:00.000Z'],
    ['30 3 * * MON-FRI', '2026-01-05T03:30:02Z', '2026-01-05T03:30:00.000Z'],
    ['30 3 * * MON-FRI', '2026-01-04T12:00:00Z', '2026-01-02T03:30:00.000Z'],
    ['30 3 * * FRI,SUN-MON', '2026-01-07T12:00:00Z', '2026-01-05T03:30:00.000Z'],
    ['*/15 * * * *', '2026-01-01T00:14:00Z', '2026-01-01T00:00:00.000Z'],
    ['5/20 1-3 * * *', '2026-01-01T00:00:00Z', '2025-12-31T03:45:00.000Z'],
    ['10,50 22-23/1 1,15 JAN,jul *'.toUpperCase(), '2026-07-01T00:00:00Z', '2026-01-15T23:50:00.000Z'],
    ['0 0 29 FEB *', '2026-06-01T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0 0 29 2 *', '2103-06-01T00:00:00Z', '2096-02-29T00:00:00.000Z'],
    // A timer that fires less than a second early.
    ['0 4 * * *', '2026-01-01T03:59:59.300Z', '2026-01-01T04:00:00.000Z'],
    // No such day: the current minute.
    ['0 0 31 FEB *', '2026-06-01T10:11:12Z', '2026-06-01T10:11:00.000Z'],
  ])('%s, seen at %s', (cron, now, due) => {
    expect(lastDue(cron, at(now))).toBe(due);
  });

  test('finds the right minute at every minute of a day', () => {
    for (let minute = 0; minute < 24 * 60; minute++) {
      const now = at('2026-05-06T00:00:00Z') + minute * 60_000;
      const due = at(lastDue('*/7 */5 * * *', now));
      const date = new Date(due);
      expect([date.getUTCMinutes() % 7, date.getUTCHours() % 5]).toEqual([0, 0]);
      expect(due).toBeLessThanOrEqual(now + 1_000);
      // No due time between it and now was missed.
      for (let between = due + 60_000; between <= now; between += 60_000) {
        const other = new Date(between);
        expect(other.getUTCMinutes() % 7 === 0 && other.getUTCHours() % 5 === 0).toBe(false);
      }
    }
  });
});
