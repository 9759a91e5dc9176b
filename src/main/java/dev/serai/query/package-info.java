/** The read-only SQL sandbox over datasets, and the encoders of results. */
@NullMarked
package dev.serai.query;

import org.jspecify.annotations.NullMarked;
