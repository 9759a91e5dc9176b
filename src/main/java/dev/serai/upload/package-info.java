/** Files that people upload, until their rows are a dataset's. */
@NullMarked
package dev.serai.upload;

import org.jspecify.annotations.NullMarked;
