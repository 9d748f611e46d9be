import { AppError } from '../../contract/app-error.ts';
import type { Trait } from '../models/request-part.ts';

/** A server refused a request for parts of it that it names. Without those it may take it. */
export class RefusedPartsError extends AppError {
  /** What it does not take. Never empty. */
  readonly refused: readonly Trait[];

  constructor(refused: readonly Trait[], cause: unknown) {
    super('request/invalid', 'The provider did not accept the request.', { details: {}, cause });
    this.refused = refused;
  }
}
