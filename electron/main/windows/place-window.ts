/** A rectangle in screen coordinates. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a window goes. Without `x` and `y` the system centres it. */
export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
  readonly isMaximized: boolean;
}

/** Smallest size the chat window is usable at. */
export const MIN_WINDOW_SIZE = 480;
const DEFAULT_PLACEMENT: Placement = { width: 1100, height: 760, isMaximized: false };

/** So much of the top of a window must be on some display for it to be found and dragged. */
const MIN_VISIBLE_WIDTH = 120;
const TITLE_BAR_HEIGHT = 32;

/**
 * Where the chat window opens: where it was, unless that is on no display any more, and never larger than the display.
 * `saved` comes from a file anyone could have edited.
 */
export function placeWindow(saved: unknown, workAreas: readonly Bounds[]): Placement {
  const bounds = parseBounds(saved);
  if (bounds === null) return DEFAULT_PLACEMENT;
  const isMaximized =
    typeof saved === 'object' && saved !== null && 'isMaximized' in saved && saved.isMaximized === true;
  const area = workAreas.find((candidate) => isTitleBarVisible(bounds, candidate));
  if (area === undefined) return { ...DEFAULT_PLACEMENT, isMaximized };
  const width = clamp(bounds.width, MIN_WINDOW_SIZE, area.width);
  const height = clamp(bounds.height, MIN_WINDOW_SIZE, area.height);
  return { x: bounds.x, y: Math.max(bounds.y, area.y), width, height, isMaximized };
}

function parseBounds(saved: unknown): Bounds | null {
  if (typeof saved !== 'object' || saved === null || !('bounds' in saved)) return null;
  const { bounds } = saved;
  if (typeof bounds !== 'object' || bounds === null) return null;
  const numbers = ['x', 'y', 'width', 'height'].map((name) => Reflect.get(bounds, name) as unknown);
  if (!numbers.every((value) => Number.isSafeInteger(value))) return null;
  // `as`: every element has just been checked.
  const [x, y, width, height] = numbers as [number, number, number, number];
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

function isTitleBarVisible(bounds: Bounds, area: Bounds): boolean {
  const visibleWidth = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  return (
    visibleWidth >= MIN_VISIBLE_WIDTH &&
    bounds.y >= area.y - TITLE_BAR_HEIGHT &&
    bounds.y + TITLE_BAR_HEIGHT <= area.y + area.height
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
