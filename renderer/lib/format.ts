const DAY_MS = 86_400_000;

const dateFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
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
const megabyteFormat = new Intl.NumberFormat('en', {
  style: 'unit',
  unit: 'megabyte',
  maximumFractionDigits: 1,
});
const wholeFormat = new Intl.NumberFormat('en');
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

/** "14:05", "3 Mar", "3 Mar 2025": as short as it can be understood. */
export function formatShortDate(timestamp: number, now: number): string {
  if (startOfDay(timestamp) === startOfDay(now)) return timeFormat.format(timestamp);
  const isThisYear = new Date(timestamp).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayFormat : dateFormat).format(timestamp);
}

/** "14:05:09". */
export function formatTime(timestamp: number): string {
  return secondsFormat.format(timestamp);
}

/** "1:48", of what is left; never below "0:00". */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "12 s", "4 min", "3 h 20 min": what is left of a wait, never less than it is. */
export function formatWait(milliseconds: number): string {
  const seconds = Math.ceil(Math.max(0, milliseconds) / 1_000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "Mar 3, 2026, 14:05". */
export function formatDateAndTime(timestamp: number): string {
  return `${dateFormat.format(timestamp)}, ${timeFormat.format(timestamp)}`;
}

/** "812 B", "4.1 kB", "12.4 MB". */
export function formatBytes(bytes: number): string {
  if (bytes >= 1_000_000) return megabyteFormat.format(bytes / 1_000_000);
  return bytes < 1_000 ? `${bytes} B` : byteFormat.format(bytes / 1_000);
}

/** "4.1K". */
export function formatCount(count: number): string {
  return countFormat.format(count);
}

/** "1,000". */
export function formatWhole(count: number): string {
  return wholeFormat.format(count);
}

/** The host of an origin or URL, or the text itself when it is none. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function startOfDay(timestamp: number): number {
  return new Date(timestamp).setHours(0, 0, 0, 0);
}
