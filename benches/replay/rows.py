"""Makes a release of so many rows out of the synthetic one: other days, identifiers and row numbers; the same facilities, forms and records. No real person."""
import pathlib
import random
import sys
from datetime import date, timedelta

import polars as pl

source, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
r = random.Random(20170128)
few = pl.read_csv(source, infer_schema=False, null_values="NA")
days = [(date(2022, 10, 1) + timedelta(n)).isoformat() for n in range(1250)]
rows = few[[r.randrange(len(few)) for _ in range(count)]].with_columns(
    detainer_prepare_date=pl.Series([r.choice(days) for _ in range(count)]),
    unique_identifier=pl.Series([f"{r.getrandbits(160):040x}" if r.random() > 0.13 else None for _ in range(count)]),
    row_original=pl.Series([str(n + 8) for n in range(count)]),
)
rows = rows.with_columns(sheet_original=pl.lit(None, dtype=pl.String))
rows.write_csv(folder / "million.csv", null_value="NA")
dates = [c for c in rows.columns if c.endswith("_date")]
rows.with_columns(pl.col(dates).str.to_date("%Y-%m-%d", strict=False)).write_parquet(folder / "million.parquet", compression="zstd")
print(f"rows\t{count}\ncsv_bytes\t{(folder / 'million.csv').stat().st_size}\nparquet_bytes\t{(folder / 'million.parquet').stat().st_size}")
