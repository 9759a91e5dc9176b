/** A running example: a real PostgreSQL with a shop's data, bootstrapped and synced. Built by the profile {@code demo} only. */
@NullMarked
package dev.serai.demo;

import org.jspecify.annotations.NullMarked;
