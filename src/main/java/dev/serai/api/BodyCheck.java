package dev.serai.api;

import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serai.failure.Fault;

/** What else is wrong with a body that does not fit its schema, so that its sender learns all of it at once. */
interface BodyCheck {
    /** The operations whose bodies it knows. */
    Set<String> operations();

    /** Whatever can be told in spite of what the schema has found; at the schema's own pointers it may repeat it. */
    List<Fault> faults(ObjectNode body);
}
