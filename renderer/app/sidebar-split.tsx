import { useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { changeSettings } from '../lib/queries.ts';

const MIN_PX = 180;
const MAX_PX = 480;
const STEP_PX = 16;

interface SidebarSplitProps {
  readonly widthPx: number;
  readonly children: ReactNode;
}

/** The sidebar with an edge that can be dragged, or moved with the arrow keys. */
export function SidebarSplit({ widthPx, children }: SidebarSplitProps) {
  /** Only while dragging; settings hold it otherwise. */
  const [draggedPx, setDraggedPx] = useState<number | null>(null);
  const shownPx = draggedPx ?? widthPx;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDraggedPx(widthPx);
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (draggedPx !== null) setDraggedPx(clamp(event.clientX));
  };
  const onPointerUp = (): void => {
    if (draggedPx !== null) keep(draggedPx);
    setDraggedPx(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = widthForKey(event.key, widthPx);
    if (next === null) return;
    event.preventDefault();
    keep(next);
  };

  return (
    <aside
      aria-label="Sidebar"
      className="relative max-w-[46vw] shrink-0 border-r border-line"
      style={{ width: shownPx }}
    >
      {children}
      <div
        role="separator"
        aria-label="Sidebar width"
        aria-orientation="vertical"
        aria-valuenow={shownPx}
        aria-valuemin={MIN_PX}
        aria-valuemax={MAX_PX}
        tabIndex={0}
        className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize touch-none hover:bg-line-strong/60 focus-visible:bg-accent focus-visible:outline-none"
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
      />
    </aside>
  );
}

function widthForKey(key: string, widthPx: number): number | null {
  if (key === 'ArrowLeft') return clamp(widthPx - STEP_PX);
  if (key === 'ArrowRight') return clamp(widthPx + STEP_PX);
  if (key === 'Home') return MIN_PX;
  return key === 'End' ? MAX_PX : null;
}

function clamp(widthPx: number): number {
  return Math.round(Math.min(MAX_PX, Math.max(MIN_PX, widthPx)));
}

function keep(sidebarWidthPx: number): void {
  // A width that is not remembered is not worth a message.
  changeSettings({ sidebarWidthPx }).catch(() => undefined);
}
