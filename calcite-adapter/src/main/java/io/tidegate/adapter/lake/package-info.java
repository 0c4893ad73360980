/**
 * The file protocol of the lake: directories, definitions, runs and manifests, with no SQL engine
 * in it.
 *
 * <pre>
 * &lt;root&gt;/.lock                                        the mutex of the root, held for moments
 * &lt;root&gt;/.leases/&lt;table&gt;.lock                        shared by every process that reads the table
 * &lt;root&gt;/.staging/&lt;id&gt;.&lt;uuid&gt;/                       what is being written; never read
 * &lt;root&gt;/.staging/&lt;id&gt;.&lt;uuid&gt;.lock                   locked by its writer for as long as it lives
 * &lt;root&gt;/.trash/                                      renamed away, being deleted
 * &lt;root&gt;/&lt;table&gt;/_table.json                         {@link io.tidegate.adapter.lake.LakeTableDefinition}
 * &lt;root&gt;/&lt;table&gt;/run_id=&lt;id&gt;/_manifest.json        {@link io.tidegate.adapter.lake.RunManifest}
 * &lt;root&gt;/&lt;table&gt;/run_id=&lt;id&gt;/&lt;key&gt;=&lt;value&gt;/part-0000.parquet
 * </pre>
 *
 * <p><b>Writing.</b> One INSERT is one immutable run: written into staging, verified against its
 * Parquet footers, sealed by a manifest, published by one directory rename. Files hold every column
 * of the table, those that a directory repeats included: the file is the truth, the directory a way
 * to skip it.
 *
 * <p><b>Reading.</b> {@link io.tidegate.adapter.lake.LiveRuns} is an explicit list of files
 * resolved once per statement, under a lease that keeps them where they are until it is closed.
 *
 * <p><b>Removing.</b> A superseded run is renamed to {@code .trash} when no lease covers it any
 * more, and a run only after everything it superseded itself, so that nothing removed earlier can
 * rise again. A dropped table is renamed away at once when nobody reads it; otherwise its
 * definition becomes {@code _dropped.json}, which hides it from new statements, and the last
 * reader's end, or the next opening of the lake, removes it.
 *
 * <p><b>Foreign readers</b> (Spark, Trino, a glob in DuckDB) take no lease and read no manifest.
 * They see every published run, so from the publication of a run that supersedes others until those
 * are removed they see both, and a file may vanish under them. They never see staging: names that
 * begin with a dot or an underscore are skipped by them. Hive and Spark decode {@code %C3%A9} in a
 * directory name as two Latin-1 characters; such values are right in the file's own column.
 *
 * <p><b>Locks</b> are operating-system locks, so a killed process leaves none behind. A POSIX lock
 * belongs to the process and falls when any channel on its file is closed, therefore every lock
 * file is opened in one place only, behind a registry for the whole JVM.
 */
package io.tidegate.adapter.lake;
