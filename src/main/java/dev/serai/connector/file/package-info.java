/** Files that are uploaded and not fetched. */
@NullMarked
package dev.serai.connector.file;

import org.jspecify.annotations.NullMarked;
