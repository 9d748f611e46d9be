export const custodyPlaces: readonly string[];
