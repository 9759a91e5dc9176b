/** Databases of documents: what their Kamelets' beans do. */
@NullMarked
package dev.serai.connector.document;

import org.jspecify.annotations.NullMarked;
