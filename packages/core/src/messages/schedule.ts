import { checkOptions, misconfigured, mustBe } from '../errors.js';
import type { CloudEvent } from './event.js';
import { type SingleOptions, type SingleTrigger, single } from './single.js';

/** Options of {@link schedule}. */
export interface ScheduleOptions<Cron extends string = string> extends SingleOptions {
  /**
   * Minute, hour, day of the month, month, day of the week, in UTC: `'30 3 * * MON-FRI'`. The day of the week must be
   * `*` or names, because numbers differ between platforms: Sunday is 1 on Cloudflare and 0 elsewhere. A range must go
   * from lower to higher, because Azure reads `FRI-MON` as `MON-FRI`: write `FRI-SAT,SUN-MON`.
   */
  readonly cron: Cron;
}

/** One run of a schedule. It has no data. */
export interface ScheduleEvent extends CloudEvent<undefined> {
  /** When the run was due, RFC 3339. */
  readonly time: string;
}

/** A schedule trigger. */
export interface ScheduleTrigger extends SingleTrigger<'schedule', ScheduleEvent, undefined> {
  /** Five fields, with single spaces and names in upper case. */
  readonly cron: string;
}

const NUMBERS = /^(\*|\d{1,2}(-\d{1,2})?)(\/\d{1,2})?(,(\*|\d{1,2}(-\d{1,2})?)(\/\d{1,2})?)*$/;
const MONTH = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
const DAY = 'SUN|MON|TUE|WED|THU|FRI|SAT';
const names = (name: string): RegExp => new RegExp(`^(\\*|(${name})(-(${name}))?(,(${name})(-(${name}))?)*)$`);
const HIGHEST = [59, 23, 31, 12];
const LOWEST = [0, 0, 1, 1];

/**
 * Whether a range goes from higher to lower: NCrontab, on Azure, swaps its ends; others wrap around, or refuse it.
 *
 * @see https://github.com/atifaziz/NCrontab/blob/master/NCrontab/CrontabField.cs
 */
function isReversed(part: string, names: string): boolean {
  const [from = '', to] = (part.split('/')[0] as string).split('-');
  const order = (text: string): number => (/^\d/.test(text) ? Number(text) : names.indexOf(text));
  return to !== undefined && order(from) > order(to);
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether none of the months has any of the days. A deployment may accept 31 February, which never runs. */
function isNever([, , days = '', months = '']: readonly string[]): boolean {
  const first = (part: string): number => Number.parseInt(part, 10) || 1;
  const earliest = Math.min(...days.split(',').map(first));
  const monthOf = (text: string): number => Number(text) || MONTH.split('|').indexOf(text) + 1;
  return months.split(',').every((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to = part === range ? from : '12'] = range.split('-');
    if (from === '*') return false;
    for (let month = monthOf(from); month <= monthOf(to); month += Number(step)) {
      if (earliest <= (DAYS[month - 1] ?? 0)) return false;
    }
    return true;
  });
}

/** Normalises a cron expression: single spaces, names in upper case. */
export function normalCron(cron: string): string {
  return cron.trim().toUpperCase().split(/\s+/).join(' ');
}

/**
 * A trigger that runs a function on a schedule.
 *
 * @throws FunctionError `misconfigured`, at definition, for a cron expression that platforms interpret differently.
 * @example
 * ```ts
 * import { defineFunction, schedule } from '@tradewind/core';
 *
 * export const report = defineFunction('report', schedule({ cron: '30 3 * * MON-FRI' })).handle(({ time }, { log }) =>
 *   log.info('Reporting.', { due: time }),
 * );
 * ```
 */
export function schedule(options: ScheduleOptions): ScheduleTrigger {
  checkOptions('schedule', options, ['cron', 'timeout', 'onReject']);
  const { cron } = options;
  mustBe('string', cron, 'schedule(...): `cron`');
  const normal = normalCron(cron);
  const fields = normal.split(' ');
  const isRight = (field: string, index: number): boolean => {
    if (field.split(',').some((part) => isReversed(part, index === 4 ? DAY : MONTH))) return false;
    if (index === 4) return names(DAY).test(field);
    if (index === 3 && names(MONTH).test(field)) return true;
    const numbers = (field.match(/\d+/g) ?? []).map(Number);
    const isWithin = (number: number): boolean => number >= (LOWEST[index] ?? 0) && number <= (HIGHEST[index] ?? 0);
    return NUMBERS.test(field) && numbers.every(isWithin) && !/\/0+(,|$)/.test(field);
  };
  const wrong = fields.length === 5 ? fields.findIndex((field, index) => !isRight(field, index)) : fields.length;
  if (wrong !== -1) {
    const which = ['a minute', 'an hour', 'a day of the month', 'a month', 'a day of the week'][wrong];
    throw misconfigured(
      `schedule(...): \`cron\` ${JSON.stringify(cron)} ${which && fields.length === 5 ? `has ${which} that is invalid or that platforms interpret differently` : `has ${fields.length} fields`}. It must be 'minute hour day-of-month month day-of-week' in UTC, with * or names (MON-FRI) for the day of the week, ranges from lower to higher and steps of 1 or more.`,
    );
  }
  if (fields[2] !== '*' && fields[4] !== '*') {
    throw misconfigured(
      `schedule(...): \`cron\` ${JSON.stringify(cron)} has a day of the month and a day of the week. Some platforms require both to match, others either of them. Leave one of them '*'.`,
    );
  }
  if (isNever(fields)) {
    throw misconfigured(
      `schedule(...): \`cron\` ${JSON.stringify(cron)} never runs: none of its months has such a day of the month.`,
    );
  }
  const trigger = single<'schedule', ScheduleEvent, undefined>('schedule', `schedule(...) for '${cron}'`, options);
  return { ...trigger, cron: normal };
}
