import { describe, expect, it } from 'vitest';
import { toSafeLink } from './safe-link.ts';

describe('toSafeLink', () => {
  it.each([
    ['https://example.com/a?b#c', 'example.com'],
    ['HTTPS://Example.com', 'example.com'],
    ['mailto:someone@example.com', 'someone@example.com'],
  ])('offers %s', (href, host) => {
    expect(toSafeLink(href)?.host).toBe(host);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'vbscript:x',
    'latchkey://v1/chat?prompt=x',
    'app://chat/index.html',
    'blob:https://example.com/x',
    'smb://host/share',
    'https://bank.example@evil.example/',
    'https://',
    '//example.com',
    '/relative',
    '#anchor',
    '',
    `https://example.com/${'a'.repeat(9000)}`,
  ])('leaves %s as text', (href) => {
    expect(toSafeLink(href)).toBeNull();
  });
});
