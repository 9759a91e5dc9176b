/** APIs over HTTP whose endpoints are models: what the bean of the Kamelet {@code api-rest} does. */
@NullMarked
package dev.serai.connector.rest;

import org.jspecify.annotations.NullMarked;
