/** Seals and opens secrets; the only place that sees the sign key. */
@NullMarked
package dev.serai.credential;

import org.jspecify.annotations.NullMarked;
