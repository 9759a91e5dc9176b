/** Connector types, read from Kamelets; validation of configs; watching the folder. */
@NullMarked
package dev.serai.catalog;

import org.jspecify.annotations.NullMarked;
