/** A width and a height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size in the same shape whose longer edge is at most `maxEdge`; never larger than it was, never without a pixel. */
export function fitInto({ width, height }: Size, maxEdge: number): Size {
  const scale = Math.min(1, maxEdge / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
