"""The rule of crates/columns/benches/rule.rs in DuckDB and in Polars, on the rows that it wrote, on one and two threads. Best of five; every answer checked."""
import os
import pathlib
import subprocess
import sys
import time

FOLDER = pathlib.Path(sys.argv[1])


def note(peer, what, value):
    print(f"{peer}\t{what}\t{value}", flush=True)


def best(peer, threads, rows, decide):
    wall = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        decide()
        wall = min(wall, time.perf_counter() - start)
    note(peer, f"decide_{threads}_threads_ns_a_row", f"{wall / rows * 1e9:.0f}")


def duckdb():
    import duckdb

    db = duckdb.connect()
    for name in ("requests", "convictions"):
        db.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{FOLDER / name}.csv')")
    rows = db.execute("SELECT count(*) FROM requests").fetchone()[0]
    sql = """
    WITH hits AS (
      SELECT DISTINCT row FROM convictions
      WHERE (class = 'felony' AND grave)
         OR (class = 'felony' AND ymd >= on_ymd - 150000 AND code BETWEEN 101 AND 130)
         OR (class = 'misdemeanor' AND wobbler AND ymd >= on_ymd - 50000 AND code BETWEEN 131 AND 160))
    SELECT row, CASE WHEN judicial THEN 'F'
                     WHEN state AND NOT excepted THEN 'S'
                     WHEN place = 'us-ca/metropolis' AND on_ymd >= 20170601 THEN 'C'
                     WHEN state THEN 'P' ELSE 'U' END AS decision
    FROM (SELECT r.*, kind IN ('police', 'sheriff') AND on_ymd >= 20180101 AS state,
                 public OR registered OR (class = 'felony' AND grave AND cause) OR h.row IS NOT NULL AS excepted
          FROM requests r LEFT JOIN hits h USING (row))
    """
    for threads in (1, 2):
        db.execute(f"SET threads = {threads}")
        best("duckdb", threads, rows, lambda: db.execute(f"CREATE OR REPLACE TABLE answers AS {sql}"))
    wrong = db.execute("SELECT count(*) FROM answers JOIN requests USING (row) WHERE decision <> expected").fetchone()[0]
    note("duckdb", f"wrong_of_{rows}", wrong)


def polars(threads):
    import polars as pl

    requests = pl.read_csv(FOLDER / "requests.csv")
    convictions = pl.read_csv(FOLDER / "convictions.csv")
    c = pl.col
    hit = (
        ((c("class") == "felony") & c("grave"))
        | ((c("class") == "felony") & (c("ymd") >= c("on_ymd") - 150000) & c("code").is_between(101, 130))
        | ((c("class") == "misdemeanor") & c("wobbler") & (c("ymd") >= c("on_ymd") - 50000) & c("code").is_between(131, 160))
    )
    state = c("kind").is_in(["police", "sheriff"]) & (c("on_ymd") >= 20180101)
    own = c("public") | c("registered") | ((c("class") == "felony") & c("grave") & c("cause"))

    def decide():
        hits = convictions.lazy().filter(hit).select("row").unique().with_columns(hit=pl.lit(True))
        return (
            requests.lazy().join(hits, on="row", how="left", maintain_order="left")
            .with_columns(state=state, excepted=own | c("hit").fill_null(False))
            .select(
                "row", "expected",
                pl.when(c("judicial")).then(pl.lit("F"))
                .when(c("state") & ~c("excepted")).then(pl.lit("S"))
                .when((c("place") == "us-ca/metropolis") & (c("on_ymd") >= 20170601)).then(pl.lit("C"))
                .when(c("state")).then(pl.lit("P")).otherwise(pl.lit("U")).alias("decision"),
            ).collect()
        )

    note("polars", f"wrong_of_{len(requests)}", decide().filter(c("decision") != c("expected")).height)
    best("polars", threads, len(requests), decide)


if len(sys.argv) > 2:
    polars(int(sys.argv[2]))
else:
    duckdb()
    for threads in (1, 2):
        # Polars takes its threads from the environment, once.
        subprocess.run([sys.executable, __file__, str(FOLDER), str(threads)], env={**os.environ, "POLARS_MAX_THREADS": str(threads)}, check=True)
