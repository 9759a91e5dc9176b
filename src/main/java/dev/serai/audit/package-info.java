/** Who did what, when, from where, and how it went. */
@NullMarked
package dev.serai.audit;

import org.jspecify.annotations.NullMarked;
