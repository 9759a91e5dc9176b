/** The way through an SSH server, for whatever family of connectors needs one; knows none of them. */
@NullMarked
package dev.serai.connector.ssh;

import org.jspecify.annotations.NullMarked;
