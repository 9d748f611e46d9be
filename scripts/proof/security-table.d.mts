export interface Evidence {
  readonly proofs: readonly {
    readonly promise: string;
    readonly file: string;
    readonly title: string;
    readonly isPassed: boolean;
  }[];
  readonly fuses: readonly (readonly [name: string, state: string])[];
}

export function findGaps(evidence: Evidence): readonly string[];
export function formatTables(evidence: Evidence): string;
export function renderSecurityPage(evidence: Evidence): Promise<string>;
export function writeSecurityPage(evidence: Evidence): Promise<void>;
export function isSecurityPageCurrent(evidence: Evidence): Promise<boolean>;
