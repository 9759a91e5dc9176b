/** The connector hub: its start. Features live in the packages below. */
@NullMarked
package dev.serai;

import org.jspecify.annotations.NullMarked;
