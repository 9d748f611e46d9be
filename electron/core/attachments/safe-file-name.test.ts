import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameForType, safeFileName } from './safe-file-name.ts';

describe('safeFileName', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['.gitignore', '.gitignore'],
    ['Überblick 2026.txt', 'Überblick 2026.txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\a.png', 'a.png'],
    ['a\u0000b\r\nc.txt', 'abc.txt'],
    ['invoice\u202egnp.exe', 'invoicegnp.exe'],
    ['zero\u200bwidth.md', 'zerowidth.md'],
    ['a:b*c?.txt', 'a_b_c_.txt'],
    ['trailing. . ', 'trailing'],
    ['..', 'file'],
    ['', 'file'],
    ['/', 'file'],
    ['\u202e', 'file'],
    ['CON.txt', '_CON.txt'],
    ['nul', '_nul'],
    ['console.ts', 'console.ts'],
  ])('makes %j a name that is safe to show and to save: %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
  });

  it('keeps the ending of a long name, and no half of a character', () => {
    const name = safeFileName(`${'🦊'.repeat(300)}.tar.gz`);
    expect(name.length).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^(?:🦊)+\.gz$/u);
  });
});

describe('a safe name', () => {
  it('stays as it is, and is never longer than a name may be', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', '.', ' ', '\u00a0', '/', '🦊', '\u202e', 'con'),
      maxLength: 260,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          hostile.map((end) => `con.${end}`),
          fc.string({ unit: 'binary' }),
        ),
        (name) => {
          const safe = safeFileName(name);
          expect(safeFileName(safe)).toBe(safe);
          expect(safe.length).toBeLessThanOrEqual(200);
        },
      ),
    );
  });
});

describe('nameForType', () => {
  it.each([
    ['a.png', 'image/png', 'a.png'],
    ['A.JPEG', 'image/jpeg', 'A.JPEG'],
    ['anim.gif', 'image/png', 'anim.png'],
    ['photo.png', 'image/jpeg', 'photo.jpg'],
    ['noending', 'image/webp', 'noending.webp'],
    ['v1.2', 'image/png', 'v1.2.png'],
  ] as const)('calls %s as %s %s', (name, type, called) => {
    expect(nameForType(name, type)).toBe(called);
  });
});
