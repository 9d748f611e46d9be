import type { ModelPrice, Rates } from '../../contract/model/ledger.ts';
import { isLoopbackHost } from '../connections/parse-base-url.ts';
import { LISTED_ORIGIN, LIST_PRICES, type ListPrice } from './list-prices.ts';

/** A price a person has set for a model of one connection. */
export interface OwnPrice {
  readonly model: string;
  readonly rates: Rates;
}

const FREE: Rates = {
  inputMicroUsd: 0,
  cachedInputMicroUsd: null,
  cacheWriteMicroUsd: null,
  outputMicroUsd: 0,
};

/**
 * What a model costs at an origin: the person's own price first, then the public list of that origin; this computer is free.
 * Anything else is unknown.
 */
export function findPrice(origin: string, model: string, own: readonly OwnPrice[]): ModelPrice {
  const ownPrice = pick(own, model);
  if (ownPrice !== null) return { ...bare(model), rates: ownPrice.rates, origin: 'own' };
  const listed = origin === LISTED_ORIGIN ? pick(LIST_PRICES, model) : null;
  if (listed !== null) return fromList(listed, model);
  if (isLoopback(origin)) return { ...bare(model), rates: FREE, origin: 'local' };
  return bare(model);
}

/**
 * What a model costs where somebody else holds the purse: a person's own price counts only where it is higher than the known
 * one, and a price that nobody else knows stays unknown.
 */
export function findManagedPrice(origin: string, model: string, own: readonly OwnPrice[]): ModelPrice {
  const known = findPrice(origin, model, []);
  const mine = pick(own, model)?.rates ?? null;
  if (known.rates === null || mine === null) return known;
  return { ...known, rates: dearer(known.rates, mine) };
}

function dearer(one: Rates, other: Rates): Rates {
  return {
    inputMicroUsd: Math.max(one.inputMicroUsd, other.inputMicroUsd),
    // Without a rate of its own this part costs what other input does.
    cachedInputMicroUsd: dearerPart(one, other, 'cachedInputMicroUsd'),
    cacheWriteMicroUsd: dearerPart(one, other, 'cacheWriteMicroUsd'),
    outputMicroUsd: Math.max(one.outputMicroUsd, other.outputMicroUsd),
  };
}

function dearerPart(
  one: Rates,
  other: Rates,
  part: 'cachedInputMicroUsd' | 'cacheWriteMicroUsd',
): number | null {
  if (one[part] === null && other[part] === null) return null;
  return Math.max(one[part] ?? one.inputMicroUsd, other[part] ?? other.inputMicroUsd);
}

/** The public list of an origin, in its own order. */
export function listPrices(origin: string): readonly ModelPrice[] {
  return origin === LISTED_ORIGIN ? LIST_PRICES.map((price) => fromList(price, price.model)) : [];
}

/** True when a request can cost nothing, however long it becomes. */
export function isFree({ rates }: ModelPrice): boolean {
  return rates !== null && Object.values(rates).every((rate) => rate === 0 || rate === null);
}

/** The exact name, or the name of which this is a dated snapshot (`gpt-5-2026-08-07`). Never a mere beginning: `gpt-5-pro` is another model. */
function pick<P extends { readonly model: string }>(prices: readonly P[], model: string): P | null {
  const undated = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  return (
    prices.find((price) => price.model === model) ?? prices.find((price) => price.model === undated) ?? null
  );
}

function fromList({ rates, longContext, sourceUrl, readOn }: ListPrice, model: string): ModelPrice {
  return { model, rates, longContext, sourceUrl, readOn, origin: 'list' };
}

function bare(model: string): ModelPrice {
  return { model, rates: null, origin: 'unknown', longContext: null, sourceUrl: null, readOn: null };
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && isLoopbackHost(new URL(origin).hostname);
}
