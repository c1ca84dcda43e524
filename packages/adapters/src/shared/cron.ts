/** The id of a run of a schedule. It depends only on the expression and the time, so it can be an idempotency key. */
export function timeId(cron: string, time: string): string {
  return `${cron} ${time}`;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** In days: there are at most eight years between two 29ths of February. */
const LONGEST_SEARCH = 8 * 366 + 1;

/**
 * The time at which a schedule that runs now was due, for platforms that do not pass it. A timer may fire slightly
 * early, so the next second counts as well.
 *
 * @param cron - the normalised expression of a schedule's trigger.
 * @param now - in ms since the epoch.
 * @returns RFC 3339; the minute of `now` if the expression matches no time at all.
 */
export function lastDue(cron: string, now: number): string {
  const [minutes, hours, days, months, weekdays] = fieldsOf(cron);
  const start = Math.floor((now + 1_000) / MINUTE) * MINUTE;
  for (let [at, looked] = [start, 0]; looked < LONGEST_SEARCH; ) {
    const date = new Date(at);
    const isDay = months.has(date.getUTCMonth() + 1) && days.has(date.getUTCDate()) && weekdays.has(date.getUTCDay());
    if (isDay && hours.has(date.getUTCHours())) {
      if (minutes.has(date.getUTCMinutes())) return date.toISOString();
      at -= MINUTE;
    } else if (isDay && date.getUTCHours() > 0) at -= (date.getUTCMinutes() + 1) * MINUTE;
    else {
      at = Math.floor(at / DAY) * DAY - MINUTE;
      looked += 1;
    }
  }
  return new Date(start).toISOString();
}

type Values = ReadonlySet<number>;

function fieldsOf(cron: string): readonly [Values, Values, Values, Values, Values] {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron.split(' ');
  return [
    valuesOf(minute, 0, 59),
    valuesOf(hour, 0, 23),
    valuesOf(day, 1, 31),
    valuesOf(month, 1, 12, MONTHS),
    valuesOf(weekday, 0, 6, DAYS),
  ];
}

function valuesOf(field: string, lowest: number, highest: number, names: readonly string[] = []): Values {
  const toNumber = (text: string): number => (names.includes(text) ? names.indexOf(text) + lowest : Number(text));
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '*', step] = part.split('/');
    const [from = '*', to] = range.split('-');
    const first = from === '*' ? lowest : toNumber(from);
    const last = to !== undefined ? toNumber(to) : from === '*' || step !== undefined ? highest : first;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}
