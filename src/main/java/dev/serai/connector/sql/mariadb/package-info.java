/** What of MariaDB and MySQL alone a SQL connector has to know. */
@NullMarked
package dev.serai.connector.sql.mariadb;

import org.jspecify.annotations.NullMarked;
