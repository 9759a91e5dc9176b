/** How an expected failure is told: a value that says what went wrong, where, and whether a retry can help. */
@NullMarked
package dev.serai.failure;

import org.jspecify.annotations.NullMarked;
