import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { proxySettingsSchema } from '../../contract/model/network.ts';

/**
 * Whether the settings ask to follow the system's proxy script. Chromium must know before it is ready, so the file is read once
 * more, ahead of the settings service; whatever is wrong with it means no.
 */
export function followsProxyScripts(profileFolder: string): boolean {
  try {
    const content: unknown = JSON.parse(readFileSync(join(profileFolder, 'settings.json'), 'utf8'));
    const parsed = z.object({ proxy: proxySettingsSchema }).safeParse(content);
    return parsed.success && parsed.data.proxy.mode === 'system' && parsed.data.proxy.followsScripts;
  } catch {
    // No settings yet, or damaged ones, about which the settings service speaks up.
    return false;
  }
}
