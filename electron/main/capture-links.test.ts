import { describe, expect, it } from 'vitest';
import { MAX_LINK_LENGTH, parseDeepLink } from '../core/links/parse-deep-link.ts';
import {
  captureLinks,
  isTooLongToHandOver,
  linkForHandOver,
  linkFromHandOver,
  OVERLONG_LINK,
} from './capture-links.ts';

describe('captureLinks', () => {
  it('delivers what came early once, in order, then everything at once', () => {
    const capture = captureLinks();
    const received: string[] = [];
    capture.receive('a');
    capture.receive('b');
    capture.deliverTo((raw) => received.push(raw));
    capture.receive('c');
    expect(received).toEqual(['a', 'b', 'c']);
  });
});

describe('a link too long for the command line', () => {
  it.each([
    ['short', 'latchkey://v1/chat?prompt=a', false],
    ['a page of text', `latchkey://v1/chat?prompt=${'a'.repeat(13_000)}`, false],
    ['beyond what one message carries', `latchkey://v1/chat?prompt=${'a'.repeat(14_000)}`, true],
    ['wide characters', `latchkey:${'\u6f22'.repeat(6_000)}`, true],
    ['its stand-in', OVERLONG_LINK, false],
  ])('%s: %s', (_name, link, isTooLong) => {
    expect(isTooLongToHandOver(['.', link], link)).toBe(isTooLong);
  });

  it('is refused as too long, not as unknown', () => {
    const received: string[] = [];
    const capture = captureLinks();
    capture.deliverTo((raw) => received.push(raw));
    capture.receive(OVERLONG_LINK);
    expect(received.map(parseDeepLink)).toEqual([{ kind: 'unknown', reason: 'it is too long' }]);
  });
});

describe('the hand-over between instances', () => {
  it('carries one link', () => {
    expect(linkFromHandOver(linkForHandOver('latchkey://v1/chat?prompt=a'))).toBe(
      'latchkey://v1/chat?prompt=a',
    );
    expect(linkFromHandOver(linkForHandOver(null))).toBeNull();
  });

  it('leaves a link that is too long too long', () => {
    expect(linkForHandOver('x'.repeat(100_000)).link).toHaveLength(MAX_LINK_LENGTH + 1);
  });

  it.each([undefined, null, 'latchkey://', 7, [], {}, { link: 7 }, { link: { link: 'x' } }])(
    'ignores %j',
    (data) => {
      expect(linkFromHandOver(data)).toBeNull();
    },
  );
});
