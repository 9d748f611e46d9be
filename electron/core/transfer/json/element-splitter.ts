import { canBegin, ElementScan, isSpace, type ScanProblem } from './element-scan.ts';
import { findCandidate } from './find-candidate.ts';
import { GrowingBuffer } from './growing-buffer.ts';

/** What stands in a list of the document, whole or not. Numbers begin with 1 in each list. */
export type SplitEvent =
  /** A short value of the document's own, beside its lists. */
  | { readonly kind: 'field'; readonly key: string; readonly bytes: Uint8Array }
  /** The bytes are valid until the next call. */
  | { readonly kind: 'element'; readonly list: string; readonly number: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'damaged';
      readonly list: string;
      readonly number: number;
      readonly problem: ElementProblem;
      /** How it begins, so that its name can be read. */
      readonly beginning: Uint8Array;
    }
  /** The document is no JSON of a kind that has lists, or has too many elements: nothing more comes. */
  | { readonly kind: 'unreadable'; readonly problem: 'not-json' | 'too-many' };

/** Why an element could not be cut out. */
export type ElementProblem = ScanProblem | 'too-large' | 'ended-early';

/** What the splitter looks for, and how far it goes. */
export interface SplitOptions {
  /** Most bytes of one element, by the name of its list; `''` is a document that is a list itself. Other lists are passed over. */
  readonly lists: Readonly<Record<string, number>>;
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Keys an element may begin with: after damage, the next one is looked for by them. */
  readonly firstKeys: readonly string[];
  /** Whether what was found after damage is an element rather than a part of one. */
  readonly isElement: (bytes: Uint8Array) => boolean;
}

type State = 'start' | 'key' | 'colon' | 'value' | 'list' | 'element' | 'skipped' | 'recovery' | 'end';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** Of a damaged element so much is kept for its name. */
const BEGINNING_BYTES = 4_096;
/** Longest field that is read: `format` and `version` are short. */
const MAX_FIELD_BYTES = 1_024;
/** So much is read a second time to find the next element after damage; then the search only goes forward. */
const MAX_REREAD_BYTES = 64 * 1_024 ** 2;

/**
 * Cuts a JSON document into the elements of its lists, byte by byte, without ever holding more than one of them. It follows
 * strings and brackets only; whether an element is JSON is for its reader to say. After damage it looks for the next element.
 */
export class ElementSplitter {
  readonly #options: SplitOptions;
  readonly #buffer = new GrowingBuffer();
  readonly #scan: ElementScan;
  #events: SplitEvent[] = [];
  #state: State = 'start';
  /** Where what is being read begins, and how far it has been read. */
  #start = 0;
  #position = 0;
  #isTopList = false;
  #key = '';
  #list = '';
  #number = 0;
  #elementCount = 0;
  #beginning: Uint8Array = new Uint8Array();
  #skipProblem: ElementProblem = 'too-large';
  /** Found after damage: it counts only when it is an element. */
  #isCandidate = false;
  #rereadBytes = 0;
  #sawList = false;

  constructor(options: SplitOptions) {
    this.#options = options;
    this.#scan = new ElementScan(options.maxDepth);
  }

  /** Takes the next bytes and says what has become whole with them. */
  *push(chunk: Uint8Array): Generator<SplitEvent> {
    this.#forget();
    this.#buffer.append(chunk);
    yield* this.#run();
  }

  /** Says what the end of the bytes leaves unfinished. */
  *end(): Generator<SplitEvent> {
    if (this.#state === 'element' && this.#isCandidate) {
      this.#searchAgain();
      yield* this.#run();
      yield* this.end();
      return;
    }
    if (this.#state === 'element') {
      this.#beginning = this.#beginningNow();
      yield this.#damaged('ended-early');
    } else if (this.#state === 'skipped' && this.#list !== '?') yield this.#damaged('ended-early');
    else if (this.#state === 'list') {
      this.#number += 1;
      this.#beginning = new Uint8Array();
      yield this.#damaged('ended-early');
    } else if (this.#state !== 'end' && this.#state !== 'recovery' && !this.#sawList)
      yield { kind: 'unreadable', problem: 'not-json' };
    this.#state = 'end';
  }

  *#run(): Generator<SplitEvent> {
    while (this.#position < this.#buffer.length) {
      const before = this.#position;
      const state = this.#state;
      this.#step();
      yield* this.#events;
      this.#events = [];
      if (this.#position === before && this.#state === state) return;
    }
  }

  #step(): void {
    switch (this.#state) {
      case 'start':
        return this.#readStart();
      case 'key':
        return this.#readKey();
      case 'colon':
        return this.#readColon();
      case 'value':
        return this.#readValue();
      case 'list':
        return this.#readList();
      case 'element':
        return this.#readElement();
      case 'skipped':
        return this.#passOver();
      case 'recovery':
        return this.#lookFurther();
      case 'end':
        this.#position = this.#buffer.length;
        this.#start = this.#position;
        return;
      default:
        this.#state satisfies never;
    }
  }

  #readStart(): void {
    const { bytes } = this.#buffer;
    if (this.#position === 0 && bytes[0] === BYTE_ORDER_MARK[0]) {
      // Fewer than three bytes: the rest of the mark is still to come.
      if (this.#buffer.length < 3) return;
      if (bytes.subarray(0, 3).equals(BYTE_ORDER_MARK)) this.#position = 3;
    }
    const byte = this.#nextByte();
    if (byte === null) return;
    if (byte === OPEN_LIST && Object.hasOwn(this.#options.lists, '')) {
      this.#isTopList = true;
      this.#enterList('');
    } else if (byte === OPEN_OBJECT) this.#state = 'key';
    else this.#refuse('not-json');
    this.#start = this.#position;
  }

  #readKey(): void {
    const byte = this.#peekByte();
    if (byte === null) return;
    if (byte === COMMA || byte === CLOSE_OBJECT) {
      this.#position += 1;
      if (byte === CLOSE_OBJECT) this.#state = this.#sawList ? 'end' : this.#refuse('not-json');
      return;
    }
    if (byte !== QUOTE) {
      if (this.#sawList) this.#state = 'end';
      else this.#refuse('not-json');
      return;
    }
    const end = this.#buffer.bytes.indexOf(QUOTE, this.#position + 1);
    const isWhole = end >= 0 && end < this.#buffer.length;
    if (!isWhole && this.#buffer.length - this.#position > MAX_FIELD_BYTES) this.#refuse('not-json');
    if (!isWhole) return;
    this.#key = this.#buffer.bytes.toString('latin1', this.#position + 1, end);
    this.#position = end + 1;
    this.#state = 'colon';
  }

  #readColon(): void {
    const byte = this.#peekByte();
    if (byte === null) return;
    if (byte !== COLON) this.#refuse('not-json');
    this.#position += 1;
    this.#state = 'value';
  }

  #readValue(): void {
    const byte = this.#peekByte();
    if (byte === null) return;
    if (byte === OPEN_LIST && this.#key !== '' && Object.hasOwn(this.#options.lists, this.#key)) {
      this.#position += 1;
      this.#enterList(this.#key);
      return;
    }
    if (!canBegin(byte)) {
      this.#refuse('not-json');
      return;
    }
    this.#list = '?';
    this.#begin(this.#position);
  }

  #readList(): void {
    const { bytes, length } = this.#buffer;
    while (this.#position < length) {
      const byte = bytes[this.#position] ?? 0;
      if (!isSpace(byte) && byte !== COMMA) break;
      this.#position += 1;
    }
    this.#start = this.#position;
    if (this.#position >= length) return;
    const byte = bytes[this.#position] ?? 0;
    if (byte === CLOSE_LIST) {
      this.#position += 1;
      this.#state = this.#isTopList ? 'end' : 'key';
      this.#start = this.#position;
      return;
    }
    this.#elementCount += 1;
    if (this.#elementCount > this.#options.maxElements) {
      this.#refuse('too-many');
      return;
    }
    this.#number += 1;
    this.#isCandidate = false;
    this.#begin(this.#position);
    if (!canBegin(byte)) this.#breakOff('syntax');
  }

  #readElement(): void {
    const { bytes, length } = this.#buffer;
    const outcome = this.#scan.advance(bytes, this.#position, length);
    this.#position = outcome.position;
    const maxBytes = this.#list === '?' ? MAX_FIELD_BYTES : (this.#options.lists[this.#list] ?? 0);
    const isTooLarge = this.#position - this.#start > maxBytes;
    if (outcome.kind === 'damaged') this.#breakOff(outcome.problem);
    else if (isTooLarge) this.#skip('too-large');
    if (outcome.kind !== 'whole') return;
    if (isTooLarge) this.#finishSkipped();
    else this.#finish();
  }

  #finish(): void {
    const bytes = this.#buffer.bytes.subarray(this.#start, this.#position);
    if (this.#isCandidate && !this.#options.isElement(bytes)) {
      this.#searchAgain();
      return;
    }
    if (this.#isCandidate) this.#number += 1;
    this.#isCandidate = false;
    const isField = this.#list === '?';
    this.#events.push(
      isField
        ? { kind: 'field', key: this.#key, bytes }
        : { kind: 'element', list: this.#list, number: this.#number, bytes },
    );
    this.#state = isField ? 'key' : 'list';
    this.#start = this.#position;
  }

  /** Goes on through an element without keeping it. */
  #skip(problem: ElementProblem): void {
    this.#beginning = this.#beginningNow();
    this.#skipProblem = problem;
    this.#state = 'skipped';
    this.#scan.looseBrackets();
    this.#start = this.#position;
  }

  #passOver(): void {
    const outcome = this.#scan.advance(this.#buffer.bytes, this.#position, this.#buffer.length);
    this.#position = outcome.position;
    this.#start = this.#position;
    if (outcome.kind === 'whole') this.#finishSkipped();
    if (outcome.kind === 'damaged') {
      if (this.#list === '?') this.#refuse('not-json');
      else {
        this.#events.push(this.#damaged(this.#skipProblem));
        this.#state = 'recovery';
      }
    }
  }

  #finishSkipped(): void {
    this.#start = this.#position;
    const isField = this.#list === '?';
    this.#state = isField ? 'key' : 'list';
    if (!isField && !this.#isCandidate) this.#events.push(this.#damaged(this.#skipProblem));
    this.#isCandidate = false;
  }

  #breakOff(problem: ScanProblem): void {
    if (this.#list === '?') {
      if (problem === 'too-deep') this.#skip(problem);
      else this.#refuse('not-json');
      return;
    }
    if (problem === 'too-deep') {
      this.#skip(problem);
      return;
    }
    if (!this.#isCandidate) {
      this.#beginning = this.#beginningNow();
      this.#events.push(this.#damaged(problem));
    }
    this.#searchAgain();
  }

  /** Back to just behind where the damaged element began, as long as that is not too much to read twice. */
  #searchAgain(): void {
    this.#isCandidate = false;
    this.#rereadBytes += this.#position - this.#start;
    if (this.#rereadBytes <= MAX_REREAD_BYTES) this.#position = this.#start + 1;
    this.#start = this.#position;
    this.#state = 'recovery';
  }

  #lookFurther(): void {
    const { bytes, length } = this.#buffer;
    const found = findCandidate(bytes.subarray(0, length), this.#position, this.#options.firstKeys);
    this.#position = found.position;
    this.#start = found.position;
    if (!found.isFound) return;
    this.#isCandidate = true;
    this.#begin(found.position);
  }

  #begin(position: number): void {
    this.#start = position;
    this.#position = position;
    this.#scan.begin();
    this.#state = 'element';
  }

  #enterList(list: string): void {
    this.#list = list;
    this.#number = 0;
    this.#sawList = true;
    this.#state = 'list';
  }

  #refuse(problem: 'not-json' | 'too-many'): 'end' {
    this.#events.push({ kind: 'unreadable', problem });
    this.#state = 'end';
    return 'end';
  }

  #damaged(problem: ElementProblem): SplitEvent {
    return {
      kind: 'damaged',
      list: this.#list,
      number: this.#number,
      problem,
      beginning: this.#beginning,
    };
  }

  #beginningNow(): Uint8Array {
    const end = Math.min(this.#start + BEGINNING_BYTES, this.#buffer.length);
    return Uint8Array.prototype.slice.call(this.#buffer.bytes, this.#start, end);
  }

  /** Drops what has been read. */
  #forget(): void {
    const isKept = this.#state === 'element' || this.#state === 'recovery' || this.#state === 'key';
    const from =
      isKept && this.#state !== 'key' ? this.#start : Math.min(this.#position, this.#buffer.length);
    this.#buffer.dropTo(from);
    this.#position -= from;
    this.#start = Math.max(0, this.#start - from);
  }

  #peekByte(): number | null {
    const { bytes, length } = this.#buffer;
    while (this.#position < length && isSpace(bytes[this.#position] ?? 0)) this.#position += 1;
    return this.#position < length ? (bytes[this.#position] ?? 0) : null;
  }

  #nextByte(): number | null {
    const byte = this.#peekByte();
    if (byte !== null) this.#position += 1;
    return byte;
  }
}
