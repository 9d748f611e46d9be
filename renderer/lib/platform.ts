/** True where the command key takes the place of Ctrl. */
export const isMac = navigator.userAgent.includes('Macintosh');
