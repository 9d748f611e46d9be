import type { ErrorCode, ErrorDetails } from '../../electron/contract/app-error.ts';
import { assertNever } from './assert-never.ts';
import type { ErrorDescription } from './describe-error.ts';
import { formatBytes } from './format.ts';

/** The codes that are about a file of a message. */
export type FileCode = Extract<ErrorCode, `attachment/${string}`>;

/** Says what is wrong with a file and what helps; see `describeError`. */
export function describeFileError(code: FileCode, details: ErrorDetails): ErrorDescription {
  const name = nameIn(details);
  switch (code) {
    case 'attachment/unsupported':
      return describe(
        `${name} is of a kind that cannot be sent`,
        'Pictures (PNG, JPEG, WebP, GIF), PDF, and text or code in UTF-8 can.',
      );
    case 'attachment/empty':
      return describe(`${name} is empty`, 'There is nothing in it to send.');
    case 'attachment/cut-off':
      return describe(
        `${name} is cut off`,
        'A PDF has an end mark, and this one has none. Download or save it again.',
      );
    case 'attachment/too-large':
      return describe(`${name} is too large`, `${limitIn(details)}Make it smaller, or send a part of it.`);
    case 'attachment/too-many':
      return describe(
        'Too many files',
        `A message can have ${countIn(details)}. Send the others in another one.`,
      );
    case 'attachment/image-too-large':
      return describe(
        `${name} has too many pixels`,
        `${sizeIn(details)}Save it smaller in a picture program, then attach it again.`,
      );
    case 'attachment/image-unreadable':
      return describe(
        `${name} cannot be read as a picture`,
        'It may be damaged or cut off. Save it anew in a picture program, then attach it again.',
      );
    case 'attachment/image-failed':
      return describe(
        `${name} could not be prepared`,
        'It took too long or too much memory, so it was stopped. Save it smaller, then attach it again.',
      );
    case 'attachment/not-taken':
      return describe(
        `This model does not take ${kindIn(details)}`,
        'Take it off the message, or choose a model that does.',
        { kind: 'choose-model', label: 'Choose a model' },
      );
    case 'attachment/unreadable':
      return describe(`${name} could not be read`, 'See that it is still there and that you may open it.');
    case 'attachment/missing':
      return describe(
        `${name} is missing`,
        'Its content is no longer in the profile folder, as after a backup was restored. The message is kept; attach the file again to send it.',
      );
    case 'attachment/damaged':
      return describe(
        `${name} is damaged`,
        'Its content in the profile folder is no longer what was stored, so it is not used. Attach the file again.',
      );
    case 'attachment/not-found':
      return describe('This file is no longer here', 'It was removed. Attach it again.');
    default:
      return assertNever(code);
  }
}

function describe(
  title: string,
  body: string,
  action: ErrorDescription['action'] = { kind: 'none' },
): ErrorDescription {
  return { title, body, action };
}

function nameIn(details: ErrorDetails): string {
  const name = details['name'];
  return typeof name === 'string' && name !== '' ? name : 'The file';
}

function limitIn(details: ErrorDetails): string {
  const maxBytes = details['maxBytes'];
  if (typeof maxBytes !== 'number') return '';
  const what = details['isTotal'] === true ? 'All files of a message together' : 'A file of this kind';
  return `${what} can have ${formatBytes(maxBytes)}. `;
}

function countIn(details: ErrorDetails): string {
  const max = details['max'];
  return typeof max === 'number' ? `${max} files` : 'no more files';
}

function sizeIn(details: ErrorDetails): string {
  const { width, height, maxPixels } = details;
  if (typeof width !== 'number' || typeof height !== 'number' || typeof maxPixels !== 'number') return '';
  return `It is ${width} × ${height}; up to ${Math.round(maxPixels / 1_000_000)} million pixels are taken. `;
}

function kindIn(details: ErrorDetails): string {
  return details['kind'] === 'image' ? 'pictures' : 'PDF files';
}
