package dev.serai.dataset;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.serai.failure.Fault;

/** What is wrong with a dataset that somebody asks for: everything that can be told without its connector. */
final class DatasetRules {
    private static final int MAX_TEXT = 1000;
    private static final int MAX_QUERY = 100_000;
    private static final int MAX_ENTRIES = 1000;
    private static final int MAX_PARALLELISM = 16;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(\\.\\d{1,18})?");

    private final String prefix;
    private final List<Fault> faults;

    DatasetRules(String prefix, List<Fault> faults) {
        this.prefix = prefix;
        this.faults = faults;
    }

    void check(NewDataset dataset) {
        checkOrigin(dataset);
        checkName(dataset);
        if (dataset.mode() != null && !Set.of("full", "incremental").contains(dataset.mode())) {
            fault("/mode", "must be one of incremental, full");
        }
        checkText("/watermark_column", dataset.watermarkColumn(), MAX_TEXT);
        checkList("/primary_key", dataset.primaryKey());
        checkList("/columns", dataset.columns());
        checkList("/readers", dataset.readers());
        if (dataset.model() == null && !dataset.columns().isEmpty()) {
            fault("/columns", "can be chosen for a model only; a query names its own");
        }
        if (!isLookback(dataset.lookback())) {
            fault("/lookback", "must be a number or an ISO 8601 duration such as PT1H, not below zero");
        }
        if (dataset.schemaPolicy() != null && !dataset.schemaPolicy().equals("evolve")) {
            fault("/schema_policy", "must be evolve, the only policy that there is now");
        }
        checkText("/filter", dataset.filter(), MAX_QUERY);
        if (dataset.model() == null && dataset.filter() != null) {
            fault("/filter", "can be given for a model only; a query has its own WHERE");
        }
        if (dataset.connections() < 1 || dataset.connections() > MAX_PARALLELISM) {
            fault("/parallelism", "must be from 1 to " + MAX_PARALLELISM);
        }
        checkDeletes(dataset);
        checkIncremental(dataset);
    }

    private void checkDeletes(NewDataset dataset) {
        String deletes = dataset.detectDeletes();
        if (deletes == null || deletes.equals("none")) {
            return;
        }
        if (!Set.of("hard", "soft").contains(deletes)) {
            fault("/detect_deletes", "must be one of none, hard, soft");
        } else if (dataset.model() == null && dataset.primaryKey().isEmpty()) {
            fault("/detect_deletes", "needs a primary_key: what is gone from the source is found by its key");
        }
    }

    /** What an incremental sync needs; that of a connector's column, or a discovered key, is found when it is there. */
    private void checkIncremental(NewDataset dataset) {
        String watermark = dataset.watermarkColumn();
        if (watermark == null || "full".equals(dataset.mode())) {
            return;
        }
        boolean transactions = watermark.equals(WatermarkForm.XMIN);
        if (transactions && dataset.model() == null) {
            fault("/watermark_column", "can be xmin for a model only");
        }
        if (transactions && dataset.lookback() != null && !dataset.lookback().matches("0+(\\.0+)?|PT0S")) {
            fault("/lookback", "must be 0 or absent where the watermark column is xmin");
        }
        List<String> needed = new ArrayList<>(dataset.primaryKey());
        if (!transactions) {
            needed.add(watermark);
        }
        needed.removeAll(dataset.columns());
        if (!dataset.columns().isEmpty() && !needed.isEmpty()) {
            fault("/columns", "must hold the watermark column and the primary key: " + String.join(", ", needed));
        }
    }

    private void checkOrigin(NewDataset dataset) {
        long origins = Stream.of(dataset.model(), dataset.query(), dataset.path())
                .filter(origin -> origin != null)
                .count();
        if (origins != 1) {
            fault("", "must have exactly one of model, query and path");
        }
        checkText("/model", dataset.model(), MAX_TEXT);
        checkText("/query", dataset.query(), MAX_QUERY);
        checkText("/path", dataset.path(), MAX_TEXT);
    }

    private void checkName(NewDataset dataset) {
        String name = dataset.name();
        if (name != null && !DatasetNames.valid(name)) {
            fault("/name", "must be a letter or _, then letters, digits or _; 128 characters at most");
        }
        if (name == null && dataset.model() == null && (dataset.query() != null || dataset.path() != null)) {
            fault("/name", "is required where there is no model to name the dataset after");
        }
    }

    private void checkText(String pointer, @Nullable String value, int max) {
        if (value != null && (value.isBlank() || value.length() > max || value.indexOf('\0') >= 0)) {
            fault(pointer, "must have 1 to " + max + " characters and not be blank");
        }
    }

    private void checkList(String pointer, List<String> values) {
        if (values.size() > MAX_ENTRIES) {
            fault(pointer, "must have at most " + MAX_ENTRIES + " entries");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            checkText(pointer + "/" + i, values.get(i), MAX_TEXT);
            if (!seen.add(values.get(i))) {
                fault(pointer + "/" + i, "is listed twice");
            }
        }
    }

    private static boolean isLookback(@Nullable String lookback) {
        if (lookback == null || NUMBER.matcher(lookback).matches()) {
            return true;
        }
        try {
            return lookback.length() <= 40 && !Duration.parse(lookback).isNegative();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private void fault(String pointer, String message) {
        faults.add(new Fault(prefix + pointer, message));
    }
}
