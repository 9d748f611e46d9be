import { describe, expect, it } from 'vitest';
import { placeWindow } from './place-window.ts';

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const centred = { width: 1100, height: 760, isMaximized: false };

describe('placeWindow', () => {
  it.each([null, undefined, 'x', {}, { bounds: null }, { bounds: { x: 1, y: 1, width: '9', height: 9 } }])(
    'centres the default size for %j',
    (saved) => expect(placeWindow(saved, [display])).toEqual(centred),
  );

  it.each([
    { x: Number.NaN, y: 0, width: 900, height: 700 },
    { x: 0, y: 0, width: -900, height: 700 },
    { x: 0.5, y: 0, width: 900, height: 700 },
  ])('distrusts %j', (bounds) => expect(placeWindow({ bounds }, [display])).toEqual(centred));

  it('opens where it was, on any display, maximised if it was', () => {
    const bounds = { x: 2000, y: 100, width: 900, height: 700 };
    expect(placeWindow({ bounds, isMaximized: true }, [display, second])).toEqual({
      ...bounds,
      isMaximized: true,
    });
  });

  it('comes back to the middle when its display is gone', () => {
    const bounds = { x: 2000, y: 100, width: 900, height: 700 };
    expect(placeWindow({ bounds }, [display])).toEqual(centred);
  });

  it('shrinks to the display and keeps its title bar reachable', () => {
    const bounds = { x: 10, y: -20, width: 5000, height: 100 };
    expect(placeWindow({ bounds }, [display])).toEqual({
      x: 10,
      y: 0,
      width: 1920,
      height: 480,
      isMaximized: false,
    });
  });
});
