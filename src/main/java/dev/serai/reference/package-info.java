/** References that stand in a config for secrets that lie elsewhere: which are allowed, and what they stand for now. */
@NullMarked
package dev.serai.reference;

import org.jspecify.annotations.NullMarked;
