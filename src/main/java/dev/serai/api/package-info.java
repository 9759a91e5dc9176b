/** Beans that the REST routes call: JSON in and out, problems, authentication. */
@NullMarked
package dev.serai.api;

import org.jspecify.annotations.NullMarked;
