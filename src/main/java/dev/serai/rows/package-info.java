/** Rows on their way into DuckDB: sources, columns, logical types, decoders, the table function. */
@NullMarked
package dev.serai.rows;

import org.jspecify.annotations.NullMarked;
