package dev.serai.catalog;

/** A Kamelet file that could not be loaded, and why. */
public record CatalogProblem(String file, String detail) {}
