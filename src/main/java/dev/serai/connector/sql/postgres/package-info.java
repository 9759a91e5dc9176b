/** What of PostgreSQL alone a SQL connector has to know. */
@NullMarked
package dev.serai.connector.sql.postgres;

import org.jspecify.annotations.NullMarked;
