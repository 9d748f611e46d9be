import { describe, expect, it } from 'vitest';
import { MAX_LINK_LENGTH } from '../core/links/parse-deep-link.ts';
import { captureLinks, linkForHandOver, linkFromHandOver } from './capture-links.ts';

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

describe('the hand-over between instances', () => {
  it('carries one link', () => {
    expect(linkFromHandOver(linkForHandOver('latchkey://v1/chat?prompt=a'))).toBe('latchkey://v1/chat?prompt=a');
    expect(linkFromHandOver(linkForHandOver(null))).toBeNull();
  });

  it('leaves a link that is too long too long', () => {
    expect(linkForHandOver('x'.repeat(100_000)).link).toHaveLength(MAX_LINK_LENGTH + 1);
  });

  it.each([undefined, null, 'latchkey://', 7, [], {}, { link: 7 }, { link: { link: 'x' } }])('ignores %j', (data) => {
    expect(linkFromHandOver(data)).toBeNull();
  });
});
