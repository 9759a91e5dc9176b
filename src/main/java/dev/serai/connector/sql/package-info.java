/** Plain beans that the Kamelets of SQL databases name. */
@NullMarked
package dev.serai.connector.sql;

import org.jspecify.annotations.NullMarked;
