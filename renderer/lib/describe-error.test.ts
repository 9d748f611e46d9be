import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../electron/contract/app-error.ts';
import { describeError } from './describe-error.ts';

describe('describeError', () => {
  it.each(ERROR_CODES)('says what %s is and what to do about it', (code) => {
    const described = describeError({ code, message: 'A message.', details: {} });
    expect(described.title).not.toBe('');
    expect(described.body).not.toBe('');
    expect(described.action.kind === 'none' || described.action.label.length > 0).toBe(true);
  });

  it('offers a retry only after the pause that the provider asked for', () => {
    const { action } = describeError({
      code: 'quota/rate-limited',
      message: '',
      details: { retryAfterS: 6.2 },
    });
    expect(action).toEqual({ kind: 'retry', label: 'Try again', waitS: 7 });
  });

  it.each([
    ['locked', 'GNOME Keyring is locked'],
    ['prompt', 'GNOME Keyring asks for its password'],
    ['silent', 'GNOME Keyring does not answer'],
    ['something new', 'GNOME Keyring is locked'],
  ])('says how a keystore is locked (%s), and asks it again before the request', (cause, title) => {
    const details = { name: 'GNOME Keyring', cause };
    const described = describeError({ code: 'secret/locked', message: '', details });
    expect(described.title).toBe(title);
    expect(described.action.kind).toBe('recheck-keystore');
  });

  it('says which keystore has to open before an organisation allows a key, and asks it again', () => {
    const details = { name: 'GNOME Keyring', cause: 'locked', reason: 'Unlock it with its password.' };
    const described = describeError({ code: 'policy/keystore', message: '', details });
    expect(described.body).toMatch(/keep it encrypted\. GNOME Keyring is locked\. Unlock it/);
    expect(described.action.kind).toBe('recheck-keystore');
  });

  it('offers no second try where an organisation requires a keystore and there is none', () => {
    const details = { reason: 'No keyring is running.' };
    const described = describeError({ code: 'policy/keystore', message: '', details });
    expect(described.body).toMatch(/keep it encrypted\. No keyring is running\.$/);
    expect(described.action.kind).toBe('none');
  });

  it('names the keystore that wrote a key, and the way back', () => {
    const details = { name: 'KWallet', wayBack: 'start Latchkey in a KDE session' };
    const { body } = describeError({ code: 'secret/other-backend', message: '', details });
    expect(body).toMatch(/saved with KWallet.+start Latchkey in a KDE session/);
  });

  it('says until when a provider wants a pause of days, and blocks no button for days', () => {
    const { body, action } = describeError({
      code: 'quota/rate-limited',
      message: '',
      details: { retryAfterS: 172_800, retryAt: new Date(2026, 2, 3, 14, 5).getTime() },
    });
    expect(body).toContain('Mar 3, 2026, 14:05');
    expect(action).toEqual({ kind: 'retry', label: 'Try again', waitS: 0 });
  });

  it('names the address that did not answer', () => {
    const described = describeError({
      code: 'network/unreachable',
      message: '',
      details: { origin: 'http://localhost:9' },
    });
    expect(described.body).toContain('http://localhost:9');
  });
});
