import { AppError } from '../../contract/app-error.ts';
import type { SettingsPatch } from '../../contract/model/settings.ts';
import { parseProxyUrl } from './parse-proxy-url.ts';
import { parseBypassList } from './proxy-bypass.ts';

/**
 * Judges the proxy of a patch that a window sent and writes it the one way it is stored. Throws `network/proxy-url-with-login`
 * for a URL with a name or password, which is entered in the key window instead, and `network/proxy-invalid`.
 */
export function checkSettingsPatch(patch: SettingsPatch): SettingsPatch {
  if (patch.proxy === undefined) return patch;
  const { mode, url, bypass, followsScripts } = patch.proxy;
  const typed = url === null || url.trim() === '' ? null : parseProxyUrl(url);
  if (typed !== null && typed.login !== null) {
    throw new AppError('network/proxy-url-with-login', 'A proxy URL must not contain a name or password.');
  }
  if (mode === 'manual' && typed === null) {
    throw new AppError('network/proxy-invalid', 'No proxy is set.', { details: { reason: 'missing' } });
  }
  return {
    ...patch,
    proxy: {
      mode,
      url: typed?.address.origin ?? null,
      bypass: parseBypassList(bypass),
      followsScripts,
    },
  };
}
