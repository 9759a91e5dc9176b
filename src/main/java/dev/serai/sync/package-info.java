/** Runs: claiming a connector, copying each dataset, the journal, progress. */
@NullMarked
package dev.serai.sync;

import org.jspecify.annotations.NullMarked;
