/** The metadata database: its data source, migrations and identifiers. */
@NullMarked
package dev.serai.metadata;

import org.jspecify.annotations.NullMarked;
