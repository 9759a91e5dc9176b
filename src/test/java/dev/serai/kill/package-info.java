/** Syncs that are killed at any moment while their source goes on changing, and what is left of them. */
@org.jspecify.annotations.NullMarked
package dev.serai.kill;
