const FIRST_BYTES = 512 * 1_024;
/** One this large is given back once it is no longer needed. */
const KEPT_BYTES = 64 * 1_024 ** 2;

/** Bytes that are added at the end and dropped at the beginning. */
export class GrowingBuffer {
  /** Valid up to `length`. */
  bytes = Buffer.allocUnsafe(FIRST_BYTES);
  length = 0;

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.bytes.length) this.#resize(Math.max(needed, this.bytes.length * 2));
    this.bytes.set(chunk, this.length);
    this.length = needed;
  }

  /** Drops what is before an offset. */
  dropTo(offset: number): void {
    if (offset === 0) return;
    this.bytes.copyWithin(0, offset, this.length);
    this.length -= offset;
    if (this.bytes.length > KEPT_BYTES && this.length <= FIRST_BYTES) this.#resize(FIRST_BYTES);
  }

  #resize(size: number): void {
    const former = this.bytes;
    this.bytes = Buffer.allocUnsafe(size);
    former.copy(this.bytes, 0, 0, this.length);
  }
}
