/** Datasets: what is synced from where, cached schema, status. */
@NullMarked
package dev.serai.dataset;

import org.jspecify.annotations.NullMarked;
