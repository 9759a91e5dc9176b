package dev.serai.api.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Cases that are a little smaller than one: without a step, a header, a parameter, a part of a body. */
final class Shrinks {
    /** What is nested deeper only gets shallower: there is too much of it to go through. */
    private static final int DEEP = 20;

    private Shrinks() {}

    static List<Case> of(Case one) {
        List<Case> smaller = new ArrayList<>();
        for (int i = 0; i < one.steps().size() && one.steps().size() > 1; i++) {
            List<Draft> fewer = new ArrayList<>(one.steps());
            fewer.remove(i);
            smaller.add(new Case(fewer, one.together() && fewer.size() > 1));
        }
        if (one.together()) {
            smaller.add(new Case(one.steps(), false));
        }
        for (int i = 0; i < one.steps().size(); i++) {
            int at = i;
            of(one.steps().get(i)).forEach(step -> {
                List<Draft> steps = new ArrayList<>(one.steps());
                steps.set(at, step);
                smaller.add(new Case(steps, one.together()));
            });
        }
        return smaller;
    }

    private static List<Draft> of(Draft draft) {
        List<Draft> smaller = new ArrayList<>();
        for (int i = 0; i < draft.headers().size(); i++) {
            List<Draft.Header> fewer = new ArrayList<>(draft.headers());
            fewer.remove(i);
            smaller.add(draft.withHeaders(fewer));
        }
        String query = draft.target().substring(draft.path().length());
        if (!query.isEmpty()) {
            smaller.add(draft.withTarget(draft.path()));
            List<String> pairs = List.of(query.substring(1).split("&"));
            for (int i = 0; i < pairs.size() && pairs.size() > 1; i++) {
                List<String> fewer = new ArrayList<>(pairs);
                fewer.remove(i);
                smaller.add(draft.withTarget(draft.path() + "?" + String.join("&", fewer)));
            }
        }
        if (draft.chunked()) {
            smaller.add(draft.inChunks(false));
        }
        byte[] body = draft.body();
        if (body != null) {
            smaller.add(draft.withBody(null).inChunks(false));
            bodies(body).forEach(less -> smaller.add(draft.withBody(less)));
        }
        return smaller;
    }

    private static List<byte[]> bodies(byte[] body) {
        List<byte[]> smaller = new ArrayList<>();
        JsonNode tree = tree(body);
        if (tree == null) {
            if (body.length > 8) {
                smaller.add(Arrays.copyOf(body, body.length / 2));
                smaller.add(Arrays.copyOfRange(body, body.length / 2, body.length));
            }
            return smaller;
        }
        trees(tree, changed -> changed, less -> smaller.add(Mutations.bytes(less)));
        return smaller;
    }

    private static @Nullable JsonNode tree(byte[] body) {
        try {
            return Mutations.JSON.readTree(new String(body, StandardCharsets.UTF_8).replace("@{port}", "\"@{port}\""));
        } catch (IOException e) {
            return null;
        }
    }

    /** @param whole puts a changed node back to where it was in the whole body */
    private static void trees(JsonNode node, UnaryOperator<JsonNode> whole, Consumer<JsonNode> found) {
        int depth = depth(node);
        if (depth > DEEP) {
            JsonNode inner = node;
            for (int i = 0; i < depth / 4; i++) {
                inner = inner.elements().next();
            }
            found.accept(whole.apply(inner));
            found.accept(whole.apply(node.elements().next()));
        } else if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                found.accept(whole.apply(object.deepCopy().without(name)));
                trees(object.get(name), inner -> whole.apply(object.deepCopy().set(name, inner)), found);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                ArrayNode fewer = array.deepCopy();
                fewer.remove(at);
                found.accept(whole.apply(fewer));
                trees(array.get(i), inner -> whole.apply(array.deepCopy().set(at, inner)), found);
            }
        } else if (node.isTextual()
                && node.textValue().length() > 20
                && !node.textValue().contains("@{")) {
            String text = node.textValue();
            found.accept(whole.apply(array().textNode(text.substring(0, text.length() / 2))));
        }
    }

    /** How often one can go to the first inner value. */
    private static int depth(JsonNode node) {
        int depth = 0;
        for (JsonNode inner = node; inner.isContainerNode() && !inner.isEmpty(); depth++) {
            inner = inner.elements().next();
        }
        return depth;
    }

    private static ArrayNode array() {
        return Mutations.JSON.createArrayNode();
    }
}
