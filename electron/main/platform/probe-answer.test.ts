import { describe, expect, it } from 'vitest';
import { parseProbeAnswer, printProbeAnswer } from './probe-answer.ts';

const ANSWER = { backend: 'gnome_libsecret', isAvailable: true };

describe('the answer of the probe', () => {
  it('is found among what Chromium prints', () => {
    expect(parseProbeAnswer(`noise\n${printProbeAnswer(ANSWER)}more noise\n`)).toEqual(ANSWER);
  });

  it.each([
    '',
    'noise',
    'latchkey-keystore ',
    'latchkey-keystore {"backend":"gnome_libsecret","isAvail',
    'latchkey-keystore {"backend":"gnome_libsecret"}',
    'latchkey-keystore {"backend":"gnome_libsecret","isAvailable":"yes"}',
    'latchkey-keystore {"backend":"gnome_libsecret","isAvailable":true,"more":1}',
    'latchkey-keystore null',
    ' latchkey-keystore {"backend":"x","isAvailable":true}',
  ])('is none in %j', (text) => {
    expect(parseProbeAnswer(text)).toBeNull();
  });
});
