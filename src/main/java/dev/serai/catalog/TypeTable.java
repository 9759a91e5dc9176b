package dev.serai.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which type has which name? Packed types, each overridden by at most one file of the folder; a name or alias belongs
 * to one type only.
 */
final class TypeTable {
    private final Map<String, ConnectorType> packed;
    private final Map<String, ConnectorType> byFile = new TreeMap<>();

    TypeTable(Map<String, ConnectorType> packed) {
        this.packed = packed;
    }

    /** What stands against the file declaring this type, apart from what the file itself declared before. */
    List<String> clashes(String file, ConnectorType type) {
        List<String> clashes = new ArrayList<>();
        byFile.forEach((other, taken) -> {
            if (!other.equals(file) && taken.type().equals(type.type())) {
                clashes.add("the type " + type.type() + " is already declared by " + other);
            }
        });
        for (ConnectorType taken : without(file).values()) {
            if (taken.type().equals(type.type())) {
                continue;
            }
            if (taken.aliases().contains(type.type())) {
                clashes.add("the name " + type.type() + " is already an alias of " + taken.type());
            }
            for (String alias : type.aliases()) {
                if (taken.type().equals(alias) || taken.aliases().contains(alias)) {
                    clashes.add("the alias " + alias + " is already taken by " + taken.type());
                }
            }
        }
        if (type.aliases().contains(type.type())) {
            clashes.add("the alias " + type.type() + " is the type's own name");
        }
        return clashes;
    }

    void put(String file, ConnectorType type) {
        byFile.put(file, type);
    }

    Map<String, ConnectorType> byFile() {
        return Map.copyOf(byFile);
    }

    /** All types by name, sorted. */
    Map<String, ConnectorType> all() {
        return without("");
    }

    private Map<String, ConnectorType> without(String file) {
        Map<String, ConnectorType> all = new TreeMap<>(packed);
        byFile.forEach((other, type) -> {
            if (!other.equals(file)) {
                all.put(type.type(), type);
            }
        });
        return all;
    }
}
