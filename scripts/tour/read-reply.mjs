/** Locators by the accessible names that docs/testing.md promises. */
export function conversationOf(page) {
  const log = page.getByRole('log', { name: 'Messages' });
  return {
    reply: log.getByRole('article', { name: 'Assistant' }).last(),
    status: page.getByRole('status', { name: 'Assistant status' }).last(),
  };
}

/** The visible text of an element as plain lines, without its buttons. Runs inside the page. */
export function readVisibleText(root) {
  const ignored =
    'button, footer, [role="toolbar"], [role="status"], [aria-hidden="true"], svg, style, script';
  const blocks =
    /^(address|article|blockquote|div|dl|figure|h[1-6]|header|footer|hr|li|ol|p|pre|section|table|tr|ul)$/;
  const write = (node, isCode) => {
    if (node.nodeType === Node.TEXT_NODE) return isCode ? node.data : node.data.replace(/\s+/g, ' ');
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(ignored)) return '';
    const name = node.localName;
    if (name === 'br') return '\n';
    const text = [...node.childNodes].map((child) => write(child, isCode || name === 'pre')).join('');
    if (name === 'td' || name === 'th') return `${text.trim()}${node.nextElementSibling ? ' | ' : ''}`;
    if (name === 'li') return `\n- ${text.trim()}\n`;
    return blocks.test(name) ? `\n${text}\n` : text;
  };
  const lines = write(root, false)
    .split('\n')
    .map((line) => line.trimEnd());
  return lines
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}
