/** Who calls, and what they may do: callers, roles, tokens. */
@NullMarked
package dev.serai.access;

import org.jspecify.annotations.NullMarked;
