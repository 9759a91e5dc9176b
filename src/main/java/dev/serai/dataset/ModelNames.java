package dev.serai.dataset;

/** The two parts of a model as {@code schema.name}; a source without schemas has the name alone. */
final class ModelNames {
    private ModelNames() {}

    static String schema(String model) {
        int dot = model.indexOf('.');
        return dot < 0 ? "" : model.substring(0, dot);
    }

    static String name(String model) {
        return model.substring(model.indexOf('.') + 1);
    }
}
