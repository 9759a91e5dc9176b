/** Rows of files that lie on this machine's disk, which DuckDB reads where they are. */
@NullMarked
package dev.serai.rows.file;

import org.jspecify.annotations.NullMarked;
