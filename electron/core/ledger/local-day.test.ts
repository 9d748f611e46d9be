import { describe, expect, it } from 'vitest';
import { localDay, monthOf } from './local-day.ts';

const at = (time: string): number => Date.parse(time);

describe('localDay', () => {
  it.each([
    ['the last millisecond of a month', '2026-01-31T23:59:59.999Z', 'UTC', '2026-01-31'],
    ['the first of the next', '2026-02-01T00:00:00.000Z', 'UTC', '2026-02-01'],
    ['a leap day', '2028-02-29T12:00:00Z', 'UTC', '2028-02-29'],
    ['the end of a year', '2026-12-31T23:30:00Z', 'Europe/Berlin', '2027-01-01'],
    ['a day that has begun already', '2026-11-25T10:30:00Z', 'Pacific/Kiritimati', '2026-11-26'],
    ['a day that has not ended', '2026-11-25T10:30:00Z', 'Pacific/Pago_Pago', '2026-11-24'],
    ['a quarter of an hour', '2026-11-24T18:14:59Z', 'Asia/Kathmandu', '2026-11-24'],
    ['a quarter of an hour', '2026-11-24T18:15:00Z', 'Asia/Kathmandu', '2026-11-25'],
    ['a day of 23 hours, at its beginning', '2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29'],
    ['a day of 23 hours, at its end', '2026-03-29T21:59:59Z', 'Europe/Berlin', '2026-03-29'],
    ['the day after 23 hours', '2026-03-29T22:00:00Z', 'Europe/Berlin', '2026-03-30'],
    [
      'a day of 25 hours, in its hour that comes twice',
      '2026-10-25T00:30:00Z',
      'Europe/Berlin',
      '2026-10-25',
    ],
    ['a day of 25 hours, at its end', '2026-10-25T22:59:59Z', 'Europe/Berlin', '2026-10-25'],
    ['the day after 25 hours', '2026-10-25T23:00:00Z', 'Europe/Berlin', '2026-10-26'],
    // In Beirut clocks go from 24:00 to 01:00: this day has no midnight.
    ['a day without a midnight', '2026-03-28T21:59:59Z', 'Asia/Beirut', '2026-03-28'],
    ['a day without a midnight', '2026-03-28T22:00:00Z', 'Asia/Beirut', '2026-03-29'],
  ])('knows %s (%s, %s)', (_what, time, timeZone, day) => {
    expect(localDay(at(time), timeZone)).toBe(day);
  });

  it('takes this computer by itself', () => {
    const now = new Date(2026, 10, 5, 0, 0, 1);
    expect(localDay(now.getTime())).toBe('2026-11-05');
  });
});

describe('monthOf', () => {
  it('is the beginning of the day', () => {
    expect(monthOf('2026-11-25')).toBe('2026-11');
  });
});
