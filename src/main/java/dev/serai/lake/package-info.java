/** Delta tables: snapshot, append, replace, history, and the storage below them. */
@NullMarked
package dev.serai.lake;

import org.jspecify.annotations.NullMarked;
