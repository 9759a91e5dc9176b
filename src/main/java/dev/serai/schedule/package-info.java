/** When a schedule fires: Unix cron in a zone. */
@NullMarked
package dev.serai.schedule;

import org.jspecify.annotations.NullMarked;
