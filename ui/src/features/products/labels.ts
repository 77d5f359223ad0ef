// The labels to be printed: counted, never twice the same row.

export interface LabelRow {
  product_id: string;
  product_unit_id: string | null;
  /** How many, as typed. */
  pieces: string;
}

type Named = Pick<LabelRow, "product_id" | "product_unit_id">;

export function labelKey({ product_id, product_unit_id }: Named): string {
  return `${product_id} ${product_unit_id ?? ""}`;
}

/** Scanned again, the same goods get one label more. */
export function withOneMore(rows: readonly LabelRow[], named: Named): LabelRow[] {
  const key = labelKey(named);
  if (!rows.some((row) => labelKey(row) === key)) {
    const { product_id, product_unit_id } = named;
    return [...rows, { product_id, product_unit_id, pieces: "1" }];
  }
  return rows.map((row) =>
    labelKey(row) === key ? { ...row, pieces: String(Number(row.pieces) + 1) } : row,
  );
}

export function countOf(rows: readonly LabelRow[]): number {
  return rows.reduce((all, row) => all + Number(row.pieces), 0);
}
