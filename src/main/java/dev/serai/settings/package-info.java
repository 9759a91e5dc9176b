/** Every setting of ours, typed. */
@NullMarked
package dev.serai.settings;

import org.jspecify.annotations.NullMarked;
