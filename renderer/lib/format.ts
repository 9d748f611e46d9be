const DAY_MS = 86_400_000;

const dateFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const timeFormat = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const secondsFormat = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const byteFormat = new Intl.NumberFormat('en', {
  style: 'unit',
  unit: 'kilobyte',
  maximumFractionDigits: 1,
});
const countFormat = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** The heading a conversation stands under in the sidebar. */
export function dayGroup(timestamp: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(timestamp)) / DAY_MS);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'Previous 7 days';
  if (days <= 30) return 'Previous 30 days';
  return 'Older';
}

/** "today at 14:05", "yesterday at 09:12", "3 Mar 2026". */
export function formatMoment(timestamp: number, now: number): string {
  const group = dayGroup(timestamp, now);
  if (group === 'Today' || group === 'Yesterday') {
    return `${group.toLowerCase()} at ${timeFormat.format(timestamp)}`;
  }
  return dateFormat.format(timestamp);
}

/** "3 Mar 2026". */
export function formatDay(timestamp: number): string {
  return dateFormat.format(timestamp);
}

/** "14:05:09". */
export function formatTime(timestamp: number): string {
  return secondsFormat.format(timestamp);
}

/** "812 B", "4.1 kB". */
export function formatBytes(bytes: number): string {
  return bytes < 1_000 ? `${bytes} B` : byteFormat.format(bytes / 1_000);
}

/** "4.1K". */
export function formatCount(count: number): string {
  return countFormat.format(count);
}

/** The host of an origin or URL, or the text itself when it is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function startOfDay(timestamp: number): number {
  return new Date(timestamp).setHours(0, 0, 0, 0);
}
